using System.Globalization;
using System.Reflection;

namespace Vedette.Storage.Tables;

/// <summary>A step of the schema. The steps have the same numbers for every database.</summary>
internal sealed record Migration(long Number, string Name, string Sql)
{
    /// <param name="provider"><c>sqlite</c> or <c>postgres</c>.</param>
    public static IReadOnlyList<Migration> Embedded(string provider)
    {
        var assembly = typeof(Migration).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(provider + "/", StringComparison.Ordinal)).Select(n => Load(assembly, n)).OrderBy(m => m.Number).ToList();
    }

    private static Migration Load(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var name = System.IO.Path.GetFileNameWithoutExtension(resource[(resource.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        return new Migration(long.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
