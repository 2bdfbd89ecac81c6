using System.Text.Json.Nodes;
using Vedette.Trial.Answers;

namespace Vedette.Trial.Cases;

/// <summary>An event for a playbook that has no test yet: one artifact with the fields that it and those it calls ask for, and those that most events have.</summary>
internal static class MadeUpEvent
{
    /// <summary>No field of the standard, so it says itself what it contains.</summary>
    private const string Mail = "emailAddress";

    private static readonly string[] Usual = ["sourceAddress", "sourceHostName", "sourceUserName", "destinationAddress", "destinationHostName", "destinationDnsDomain", "requestURL", "fileHash", "fileHashSha256", Mail];

    /// <param name="all">Of the playbook and of what it calls.</param>
    public static JsonObject Container(PlaybookFile file, IEnumerable<PlaybookFacts> all) => new()
    {
        ["name"] = $"An event made up for {file.Name}",
        ["label"] = "events",
        ["severity"] = "medium",
        ["data"] = MadeUpAnswer.With(all.SelectMany(facts => facts.Reads).Where(read => read.Name == "container").Select(read => read.Path["data.".Length..])),
    };

    /// <summary>What the playbook reads as if an earlier one had saved it: values by key.</summary>
    public static JsonObject Saved(PlaybookFacts facts)
    {
        var saved = new JsonObject();
        foreach (var reads in facts.Reads.Where(read => read.Name.StartsWith("saved:", StringComparison.Ordinal)).GroupBy(read => read.Name["saved:".Length..], read => read.Path))
        {
            saved[reads.Key] = MadeUpAnswer.With(reads)["value"]?.DeepClone();
        }

        return saved;
    }

    /// <summary>One value for each input, in a list as those who call the playbook hand it over.</summary>
    public static JsonObject Inputs(PlaybookFile file)
    {
        var inputs = new JsonObject();
        foreach (var (name, contains) in file.Inputs)
        {
            inputs[name] = new JsonArray(MadeUpValue.Of(name, "string", contains, []));
        }

        return inputs;
    }

    public static JsonObject Artifact(IEnumerable<PlaybookFacts> all)
    {
        var cef = new JsonObject();
        foreach (var name in Usual.Concat(all.SelectMany(facts => facts.Fields).Where(field => field.StartsWith("cef.", StringComparison.Ordinal)).Select(field => field.Split('.')[1])).Where(name => name.Length > 0 && name != "*").Distinct())
        {
            cef[name] = MadeUpValue.Of(name, "string", [], []);
        }

        return new JsonObject { ["name"] = "An artifact made up", ["label"] = "event", ["severity"] = "medium", ["cef"] = cef, ["cef_types"] = new JsonObject { [Mail] = new JsonArray("email") } };
    }
}
