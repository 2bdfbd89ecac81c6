using System.Reflection;

namespace Vedette.Architecture.Tests;

/// <summary>The rules of the house that a compiler does not keep: who may reference whom, and where sockets are.</summary>
public sealed class HouseRulesTests
{
    [Theory]
    [InlineData("Vedette.Model", "")]
    [InlineData("Vedette.Sdk", "Vedette.Model")]
    [InlineData("Vedette.Engine", "Vedette.Model Vedette.Sdk")]
    [InlineData("Vedette.Storage", "Vedette.Engine Vedette.Model")]
    [InlineData("Vedette.Workers", "Vedette.Engine Vedette.Model")]
    [InlineData("Vedette.WayOut", "Vedette.Sdk")]
    [InlineData("Vedette.Connectors", "Vedette.Sdk Vedette.Model")]
    [InlineData("Vedette.Lab", "Vedette.Model")]
    public void ProjectReferencesOnlyWhatItMay(string project, string allowed)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Vedette.", StringComparison.Ordinal));

        Assert.Empty(references.Except(allowed.Split(' ')));
    }

    [Theory]
    [InlineData("Vedette.Engine", "System.Net.Http")]
    [InlineData("Vedette.Engine", "System.Net.Sockets")]
    [InlineData("Vedette.Engine", "Microsoft.Data.Sqlite")]
    [InlineData("Vedette.Engine", "System.Diagnostics.Process")]
    [InlineData("Vedette.Connectors", "System.Net.Sockets")]
    [InlineData("Vedette.Connectors", "System.Net.Security")]
    public void ProjectKnowsNothingOf(string project, string assembly) =>
        Assert.DoesNotContain(assembly, Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name));
}
