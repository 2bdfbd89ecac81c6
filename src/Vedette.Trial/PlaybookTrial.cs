using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Trial.Cases;
using Vedette.Trial.Platform;
using Vedette.Trial.Reports;

namespace Vedette.Trial;

/// <summary>Tries playbooks, several at a time, each case on a platform of its own.</summary>
public sealed class PlaybookTrial(TrialHouse house)
{
    /// <summary>More than there are cores: a case also waits, for its worker and for its clock to stand still.</summary>
    private static readonly int AtOnce = 2 * Environment.ProcessorCount;

    /// <summary>Instead of what the tests say; null for what they say.</summary>
    public (JsonObject Event, IReadOnlyList<JsonObject> Artifacts)? Event { get; init; }

    /// <summary>Beside the answers of the tests, and before them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<GivenAnswer>> Answers { get; init; } = new Dictionary<string, IReadOnlyList<GivenAnswer>>();

    public async Task<Report> Run(IReadOnlyList<PlaybookFile> files, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(files);
        var cases = files.Select(file => Cases(file)).ToList();
        var reports = new PlaybookReport[files.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, files.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (at, token) =>
        {
            var tried = new List<CaseReport>();
            foreach (var one in cases[at])
            {
                tried.Add(await house.Try(files[at], one, token));
            }

            reports[at] = Coverage.Together(files[at], tried);
        });
        return new Report(reports);
    }

    private List<TestCase> Cases(PlaybookFile file)
    {
        IReadOnlyList<TestCase> read = File.Exists(file.TestPath) ? TestFile.Read(file.TestPath) : [new TestCase { Name = "made-up answers", MadeUp = true }];
        var lists = ListsBeside(file);
        return [.. read.Select(one => one with
        {
            Event = Event?.Event ?? one.Event,
            Artifacts = Event?.Artifacts ?? one.Artifacts,
            Answers = Answers.Concat(one.Answers.Where(given => !Answers.ContainsKey(given.Key))).ToDictionary(),
            Lists = new JsonObject(lists.Where(list => !one.Lists.ContainsKey(list.Key)).Concat(one.Lists).Select(list => KeyValuePair.Create(list.Key, list.Value?.DeepClone()))),
        })];
    }

    /// <summary>Custom lists that come with playbooks: <c>NAME.json</c> without a <c>NAME.py</c>, holding rows.</summary>
    private static JsonObject ListsBeside(PlaybookFile file)
    {
        var lists = new JsonObject();
        foreach (var beside in Directory.EnumerateFiles(FilePath.GetDirectoryName(FilePath.GetFullPath(file.Path))!, "*.json").Where(one => !File.Exists(FilePath.ChangeExtension(one, ".py"))))
        {
            try
            {
                var json = JsonNode.Parse(File.ReadAllBytes(beside));
                if ((json is JsonObject inside ? inside["content"] : json) is JsonArray rows && rows.All(row => row is JsonArray))
                {
                    lists[FilePath.GetFileNameWithoutExtension(beside)] = rows.DeepClone();
                }
            }
            catch (JsonException)
            {
                // Some other file that happens to end so: no list.
                continue;
            }
        }

        return lists;
    }
}
