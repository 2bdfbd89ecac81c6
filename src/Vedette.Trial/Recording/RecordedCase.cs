using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Sdk;
using Vedette.Trial.Cases;

namespace Vedette.Trial.Recording;

/// <summary>
/// A case made of the record of a live run (<c>/rest/playbook_run/N/record</c>): what came in, what was answered, and what the run did, which is what is expected of the
/// next. Times, numbers and addresses that are another each run stand in no expectation; values of keys that name a secret stand nowhere.
/// </summary>
public sealed class RecordedCase
{
    /// <summary>Calls whose answer a case cannot carry: the trial answers them from its own platform.</summary>
    private static readonly HashSet<string> FromThePlatform = ["get_object", "vault_info", "vault_get", "rest", "get_notes", "get_tags", "get_phase", "get_tasks", "get_assets", "get_apps", "collect_from_contains"];

    private readonly JsonObject _record;
    private readonly Steady _steady;
    private readonly IReadOnlyList<JsonObject> _calls;
    private readonly IReadOnlyList<JsonObject> _asked;

    /// <param name="record">The answer of the server.</param>
    public RecordedCase(JsonObject record)
    {
        _record = (JsonObject)NamedSecrets.LeftOut(record)!;
        _calls = [.. List(_record["turns"]).SelectMany(turn => List(turn["calls"]))];
        _asked = [.. List(_record["actions"])];
        var given = new JsonArray(_record["event"]!.DeepClone(), _record["artifacts"]!.DeepClone(), _record["actions"]!.DeepClone(), new JsonArray([.. _calls.Where(call => Text(call["name"]).StartsWith("get_", StringComparison.Ordinal)).Select(call => call.DeepClone())]));
        _steady = new Steady(Event, Time(_record["event"]!["create_time"]), Time(Run["end_time"]), Given(given));
    }

    public string Playbook => Text(Run["playbook"]);

    /// <summary>Of the source that ran.</summary>
    public string Sha256 => Text(Run["sha256"]);

    /// <summary>The calls that a trial answers from what it has itself, each with how often it was made.</summary>
    public IReadOnlyList<(string Call, int Times)> NotCarried => [.. _calls
        .Select(call => Text(call["name"])).Where(FromThePlatform.Contains).CountBy(name => name).Select(one => (one.Key, one.Value))];

    private JsonObject Run => (JsonObject)_record["run"]!;

    private string Event => Text(_record["event"]!["id"]);

    /// <summary>The case, its keys in the order of <c>docs/testing-playbooks.md</c>.</summary>
    public JsonObject Make()
    {
        var made = new JsonObject
        {
            ["name"] = $"as run {Text(Run["id"])} went",
            ["now"] = Now(),
            ["event"] = Fields(_record["event"]!, "name", "label", "severity", "status", "sensitivity", "description", "source_data_identifier", "tags", "data", "custom_fields"),
            ["artifacts"] = new JsonArray([.. List(_record["artifacts"]).Select(artifact => Fields(artifact, "name", "label", "severity", "type", "source_data_identifier", "cef", "cef_types", "data", "tags"))]),
        };
        Put(made, "inputs", Run["inputs"]!.DeepClone());
        Put(made, "lists", new RecordedLists(_calls).Lists);
        Put(made, "saved", Saved());
        Put(made, "answers", Answers());
        made["expect"] = Expect();
        return made;
    }

    /// <summary>Where the run's own clock began: the trial's does, too.</summary>
    private string Now()
    {
        var reading = List(_record["turns"]).SelectMany(turn => (JsonArray)turn["clock"]!).FirstOrDefault();
        var began = reading is null ? Time(Run["start_time"]) : DateTimeOffset.FromUnixTimeMilliseconds((long)((double)reading * 1000));
        return began.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>What get_data found before the run saved anything under the key itself.</summary>
    private JsonObject Saved()
    {
        var (saved, known) = (new JsonObject(), new HashSet<string>());
        foreach (var call in _calls)
        {
            if (Text(call["name"]) is "get_data" or "save_data" or "clear_data" && call["arguments"]!["key"] is { } key && known.Add(Text(key)) && Text(call["name"]) == "get_data" && call["answer"] is { } found)
            {
                saved[_steady.WithEvent(Text(key))] = found.DeepClone();
            }
        }

        return saved;
    }

    private JsonObject Answers()
    {
        var answers = new JsonObject();
        foreach (var block in _asked.GroupBy(action => Name(action)))
        {
            var given = block.SelectMany(action => List(action["results"]).Select(result => (When: (JsonObject)_steady.Value(Parameters(result))!, Answer: Answer(result)))
                .DefaultIfEmpty((When: [], Answer: new JsonObject { ["failed"] = Text(action["message"]) }))).ToList();
            answers[block.Key] = InOrder(given);
        }

        foreach (var block in List(_record["prompts"]).GroupBy(prompt => Text(prompt["name"])))
        {
            answers[block.Key] = InOrder([.. block.Select(prompt => (When: new JsonObject { ["message"] = _steady.Value(prompt["message"]) }, Answer: OfPerson(prompt)))]);
        }

        return answers;
    }

    /// <summary>One answer where all are the same; else a list, by parameters where they differ, and in order where the same was asked again and answered otherwise.</summary>
    private static JsonNode InOrder(IReadOnlyList<(JsonObject When, JsonObject Answer)> given)
    {
        if (given.All(one => JsonNode.DeepEquals(one.Answer, given[0].Answer)))
        {
            return given[0].Answer;
        }

        var list = new JsonArray();
        foreach (var asked in given.GroupBy(one => one.When.ToJsonString()))
        {
            var rounds = asked.ToList();
            for (var at = 0; at < rounds.Count;)
            {
                var same = rounds.Skip(at).TakeWhile(one => JsonNode.DeepEquals(one.Answer, rounds[at].Answer)).Count();
                var one = new JsonObject();
                Put(one, "when", rounds[at].When.DeepClone());
                if (at + same < rounds.Count)
                {
                    one["times"] = same;
                }

                foreach (var (key, value) in rounds[at].Answer)
                {
                    one[key] = value?.DeepClone();
                }

                list.Add((JsonNode)one);
                at += same;
            }
        }

        return list;
    }

    private static JsonObject Answer(JsonObject result)
    {
        var (answer, message, summary) = (new JsonObject(), Text(result["message"]), (JsonObject)result["summary"]!);
        if (Text(result["status"]) != "success")
        {
            answer["failed"] = message;
        }
        else if (message.Length > 0 && message != AutomaticMessage.From(summary))
        {
            answer["message"] = message;
        }

        if (answer.Count == 0 || !answer.ContainsKey("failed") || result["data"] is JsonArray { Count: > 0 })
        {
            answer["data"] = result["data"]!.DeepClone();
        }

        Put(answer, "summary", summary.DeepClone());
        return answer;
    }

    private static JsonObject OfPerson(JsonObject prompt) => Text(prompt["status"]) switch
    {
        "approved" => new JsonObject { ["responses"] = prompt["responses"]!.DeepClone(), ["by"] = prompt["by"]?.DeepClone() },
        "denied" => new JsonObject { ["failed"] = $"Denied by {Text(prompt["by"])}.", ["by"] = prompt["by"]?.DeepClone() },
        _ => new JsonObject { ["no_answer"] = true },
    };

    private JsonObject Expect()
    {
        var expect = new JsonObject();
        if (Text(Run["status"]) != "success")
        {
            expect["status"] = "failed";
        }

        expect["actions"] = Actions();
        Put(expect, "prompts", new JsonArray([.. List(_record["prompts"]).Select(Prompt)]));
        Put(expect, "notes", new JsonArray([.. List(_record["notes"]).SelectMany(note => _steady.Stretches(Text(note["content"]))).Select(text => (JsonNode)text)]));
        Put(expect, "pins", new JsonArray([.. List(_record["pins"]).Select(pin => $"{Text(pin["message"])}\n{Text(pin["data"])}").SelectMany(_steady.Stretches).Select(text => (JsonNode)text)]));
        expect["severity"] = _record["event_at_end"]!["severity"]!.DeepClone();
        expect["event_status"] = _record["event_at_end"]!["status"]!.DeepClone();
        Put(expect, "outputs", ((JsonArray)Run["outputs"]!).OfType<JsonObject>().FirstOrDefault() is { } outputs ? _steady.Value(outputs) : null);
        Put(expect, "saved", Kept());
        return expect;
    }

    private JsonObject Prompt(JsonObject asked)
    {
        var prompt = new JsonObject { ["name"] = Text(asked["name"]) };
        Put(prompt, "message", _steady.Value(asked["message"]));
        var call = _calls.FirstOrDefault(call => Text(call["name"]) is "prompt" or "prompt2" or "task" && Text(call["answer"]) == Text(asked["action_run"]));
        Put(prompt, "to", (call?["arguments"]!["role"] ?? call?["arguments"]!["user"])?.DeepClone());
        return prompt;
    }

    /// <summary>Each asking once, and how often it came.</summary>
    private JsonArray Actions()
    {
        var all = _asked.SelectMany(action => List(action["results"]).Select(result => (Name: Name(action), Asset: Text(result["asset"]), Actual: Parameters(result)))
            .DefaultIfEmpty((Name: Name(action), Asset: "", Actual: []))).ToList();
        var expected = new JsonArray();
        foreach (var one in all.DistinctBy(one => (one.Name, one.Asset, one.Actual.ToJsonString())))
        {
            var steady = (JsonObject)_steady.Value(one.Actual)!;
            var action = new JsonObject { ["name"] = one.Name };
            Put(action, "asset", one.Asset.Length > 0 ? one.Asset : null);
            action["times"] = all.Count(other => other.Name == one.Name && other.Asset == one.Asset && Likeness.Holds(steady, other.Actual));
            Put(action, "parameters", steady);
            expected.Add((JsonNode)action);
        }

        return expected;
    }

    /// <summary>What the run left under each key that it saved.</summary>
    private JsonObject Kept()
    {
        var kept = new JsonObject();
        foreach (var call in _calls.Where(call => Text(call["name"]) == "save_data" && call["arguments"]!["key"] is not null))
        {
            kept[_steady.WithEvent(Text(call["arguments"]!["key"]))] = _steady.Value(call["arguments"]!["value"]);
        }

        return kept;
    }

    /// <summary>As they were asked; JSON that went as text is opened, as a test may name single keys of it.</summary>
    private static JsonObject Parameters(JsonObject result)
    {
        var parameters = new JsonObject();
        foreach (var (key, value) in result["parameter"] as JsonObject ?? [])
        {
            if (key != "context")
            {
                parameters[key] = NamedSecrets.Opened(value);
            }
        }

        return parameters;
    }

    private static string Name(JsonObject action) => Text(action["name"]) is { Length: > 0 } name ? name : Text(action["action"]);

    /// <summary>The fields that say something: not those that are so when nobody says anything, nor a key that the platform drew.</summary>
    private static JsonObject Fields(JsonNode of, params string[] names)
    {
        var (fields, isArtifact) = (new JsonObject(), of["cef"] is not null);
        foreach (var name in names)
        {
            var value = of[name];
            if (!(name == "source_data_identifier" && Guid.TryParse(Text(value), out _)) && (isArtifact, name, Text(value)) is not ((false, "status", "new") or (false, "sensitivity", "amber") or (true, "name", "artifact") or (true, "label", "event")))
            {
                Put(fields, name, value?.DeepClone());
            }
        }

        return fields;
    }

    private static void Put(JsonObject into, string key, JsonNode? value)
    {
        if (value is not (null or JsonObject { Count: 0 } or JsonArray { Count: 0 }) && Likeness.Text(value).Length > 0)
        {
            into[key] = value;
        }
    }

    private static string Given(JsonNode given) => given.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static DateTimeOffset Time(JsonNode? time) => DateTimeOffset.Parse(Text(time), CultureInfo.InvariantCulture);

    private static IEnumerable<JsonObject> List(JsonNode? list) => ((JsonArray)list!).Select(one => (JsonObject)one!);

    private static string Text(JsonNode? node) => node is null ? "" : Likeness.Text(node);
}
