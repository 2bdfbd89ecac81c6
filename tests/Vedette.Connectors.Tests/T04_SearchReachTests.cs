using System.Text.Json;
using Vedette.Connectors.Splunk;
using Vedette.Model;

namespace Vedette.Connectors.Tests;

/// <summary>A search reaches as far as its commands do, wherever they stand.</summary>
public sealed class T04_SearchReachTests
{
    private static readonly string[] Writing = ["collect index=x", "mcollect index=x", "meventcollect index=x", "outputlookup allowed.csv", "outputcsv x", "sendemail to=\"x@example.net\"", "sendalert x", "tscollect", "dump basefilename=x", "map search=\"x\"", "savedsearch x", "from savedsearch:x", "ownappscommand"];

    private static readonly string[] Destroying = ["delete", "script python x", "run x", "runshellscript x"];

    public static TheoryData<string, string, Reach> Hidden()
    {
        var all = new TheoryData<string, string, Reach>();
        foreach (var (command, reach) in Writing.Select(one => (one, Reach.Changes)).Concat(Destroying.Select(one => (one, Reach.Destroys))))
        {
            all.Add("search", $"index=x | {command}", reach);
            all.Add("", $"|{command}", reach);
            all.Add("search", $"index=x [ search index=y |\t\n {command.ToUpperInvariant()} ]", reach);
            all.Add("search", $"index=x | append [| {command} ]", reach);
            all.Add("search", $"index=x | eval a=\"\\\"\" | {command}", reach);
            all.Add("search", $"index=x ```a comment | head``` | {command}", reach);
            all.Add(command.Split(' ')[0], string.Join(' ', command.Split(' ')[1..]), reach);
        }

        all.Add("search", "index=x | map search=\"search index=y | delete\"", Reach.Destroys);
        all.Add("search", "index=x `whatever(1)`", Reach.Changes);
        all.Add("search", "index=x | `whatever`", Reach.Changes);
        all.Add("search", "index=x ```never ends | delete", Reach.Destroys);
        return all;
    }

    [Theory]
    [MemberData(nameof(Hidden))]
    public void T04_WritingCommand_CountsAsWhatItDoes_WhereverItStands(string command, string query, Reach reach) => Assert.Equal(reach, Of(command, query));

    [Theory]
    [InlineData("search", "index=netfw dest_host=\"cdn-telemetry.example.net\" src_host=wks-0417")]
    [InlineData("search", "index=x | stats count by host | sort - count | head 10")]
    [InlineData("tstats", "count where index=x by host")]
    [InlineData("", "| inputlookup hosts.csv | search [ search index=x | fields host | format ]")]
    [InlineData("search", "index=x | rex \"(?<a>one|two|three)\" | where a=\"x\"")]
    [InlineData("", "index=x sourcetype=\"a|b\" | timechart span=1h count")]
    public void SearchThatReads_Reads(string command, string query) => Assert.Equal(Reach.Reads, Of(command, query));

    private static Reach Of(string command, string query)
    {
        var connector = new SplunkConnector();
        return connector.ReachOf(connector.Manifest.Find("run query")!, JsonSerializer.SerializeToElement(new { command, query }));
    }
}
