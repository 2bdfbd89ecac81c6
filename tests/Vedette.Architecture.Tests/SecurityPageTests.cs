using System.Text.RegularExpressions;

namespace Vedette.Architecture.Tests;

/// <summary>The page of what holds names every threat once, and only tests that are there.</summary>
public sealed partial class SecurityPageTests
{
    private const int Threats = 30;

    [Fact]
    public void EachThreatHasItsLine_AndEachTestThatItNamesIsThere()
    {
        var root = Root();
        var page = File.ReadAllText(Path.Combine(root, "docs", "security.md"));
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));

        Assert.Equal(Enumerable.Range(1, Threats).Select(number => $"T{number:D2}"), Line().Matches(page).Select(match => match.Groups[1].Value));
        Assert.All(Named().Matches(page).Select(match => match.Groups[1].Value), test => Assert.Contains($" {test}(", sources, StringComparison.Ordinal));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Vedette.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run inside the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| (T\d\d) \|", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"`(T\d\d_\w+)`")]
    private static partial Regex Named();
}
