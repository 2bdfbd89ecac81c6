using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml.Linq;

namespace Vedette.Architecture.Tests;

/// <summary>What is built from: every package is locked by version and digest, none is older than its last known fix, and nothing of it is run.</summary>
public sealed class T28_SupplyChainTests
{
    /// <summary>
    /// Below these a hole is known: the registry a build asks may not tell. A package that is not used here is listed too, so that it
    /// cannot come in old behind another.
    /// </summary>
    private static readonly Dictionary<string, Version> Minimum = new(StringComparer.OrdinalIgnoreCase)
    {
        // Memory corruption by a query with too many aggregates in SQLite before 3.50.2 (CVE-2025-6965); 2.1.11 still brings 3.49.1.
        ["SQLitePCLRaw.lib.e_sqlite3"] = new(2, 1, 13),
        // Stack exhaustion by deeply nested JSON (CVE-2024-21907).
        ["Newtonsoft.Json"] = new(13, 0, 1),
        // Denial of service by a hostile key (CVE-2024-43485).
        ["System.Text.Json"] = new(8, 0, 5),
        // Remote code execution by a hostile text (CVE-2021-26701).
        ["System.Text.Encodings.Web"] = new(5, 0, 1),
        // Denial of service by a hostile pattern (CVE-2019-0820).
        ["System.Text.RegularExpressions"] = new(4, 3, 1),
        // Certificates that were not checked, headers that went elsewhere (CVE-2018-8292).
        ["System.Net.Http"] = new(4, 3, 4),
    };

    public static TheoryData<string> Projects => [.. Directory.EnumerateFiles(Root(), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root(), file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void T28_ProjectIsLocked_AndWhatItNamesIsCentralAndExact(string project)
    {
        var central = Central();
        foreach (var (name, package) in Locked(project))
        {
            Assert.True(package.GetProperty("contentHash").GetString() is { Length: > 0 }, $"{name} has no digest in the lock of {project}.");
            if (package.GetProperty("type").GetString() is "Direct" or "CentralTransitive")
            {
                Assert.True(central.TryGetValue(name, out var version), $"{project} names {name}, which is not in Directory.Packages.props.");
                Assert.Equal(version, package.GetProperty("resolved").GetString());
            }
        }

        Assert.DoesNotContain(XDocument.Load(Path.Combine(Root(), project)).Descendants("PackageReference"), reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null);
    }

    /// <summary>A version that floats, is a range or a trial one is no version to rely on.</summary>
    [Fact]
    public void T28_CentralVersionsAreExact() =>
        Assert.All(Central(), package => Assert.Matches(@"^\d+\.\d+\.\d+$", package.Value));

    [Theory]
    [MemberData(nameof(Projects))]
    public void T28_NoPackageIsBelowItsMinimum(string project) => Assert.Empty(TooOld(Locked(project)));

    [Theory]
    [InlineData("SQLitePCLRaw.lib.e_sqlite3", "2.1.11")]
    [InlineData("newtonsoft.json", "12.0.3")]
    public void T28_PackageBelowItsMinimum_IsNamed(string name, string version)
    {
        using var locked = JsonDocument.Parse($$"""{ "resolved": "{{version}}" }""");

        Assert.Equal([$"{name} {version} is below {Minimum[name]}"], TooOld([(name, locked.RootElement)]));
    }

    /// <summary>A lock goes with the source to whoever builds: whom its maker asked for packages is nobody's business.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void T28_LockNamesNoHost(string project) => Assert.DoesNotContain("://", File.ReadAllText(LockOf(project)), StringComparison.Ordinal);

    [Fact]
    public void T28_BuildRunsNothing()
    {
        var files = Projects.Select(row => row.Data).Concat(["Directory.Build.props", "Directory.Packages.props", "tests/Directory.Build.props"]);

        Assert.All(files, file => Assert.DoesNotContain(XDocument.Load(Path.Combine(Root(), file)).Descendants(), element => element.Name.LocalName is "Exec" or "Target" or "UsingTask"));
        Assert.DoesNotContain(Directory.EnumerateFiles(Root(), "*.targets", SearchOption.AllDirectories), file => !file.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void T28_TestsAreRunFromTheLocks() => Assert.Contains("dotnet restore Vedette.slnx --locked-mode", File.ReadAllText(Path.Combine(Root(), "test")), StringComparison.Ordinal);

    private static IEnumerable<string> TooOld(IEnumerable<(string Name, JsonElement Package)> packages) =>
        from package in packages
        let version = package.Package.GetProperty("resolved").GetString()!
        where Minimum.TryGetValue(package.Name, out var minimum) && Version.Parse(version.Split('-')[0]) < minimum
        select $"{package.Name} {version} is below {Minimum[package.Name]}";

    private static IEnumerable<(string Name, JsonElement Package)> Locked(string project) =>
        from framework in JsonDocument.Parse(File.ReadAllText(LockOf(project))).RootElement.GetProperty("dependencies").EnumerateObject()
        from package in framework.Value.EnumerateObject()
        where package.Value.GetProperty("type").GetString() != "Project"
        select (package.Name, package.Value);

    private static Dictionary<string, string> Central() =>
        XDocument.Load(Path.Combine(Root(), "Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);

    private static string LockOf(string project) => Path.Combine(Root(), Path.GetDirectoryName(project)!, "packages.lock.json");

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
