using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Vedette.Trial.Cases;

/// <summary>
/// Reads <c>NAME.tests.yaml</c>: what all cases share, and under <c>cases</c> what each adds or says differently. A mistake is told with file,
/// line and what would be taken.
/// </summary>
public static class TestFile
{
    private static readonly string[] Given = ["now", "event", "artifacts", "inputs", "lists", "saved", "answers"];

    public static IReadOnlyList<TestCase> Read(string file)
    {
        var yaml = new YamlText(file);
        var root = yaml.Members(yaml.Root(), "The file", [.. Given, "cases"]);
        if (!root.TryGetValue("cases", out var cases))
        {
            throw TrialFileException.At(file, 1, "there is no \"cases\": write a list of cases, each with a name.");
        }

        var shared = Case(yaml, new TestCase { Name = "" }, root);
        var read = yaml.Items(cases, "\"cases\"").Select(node => Case(yaml, shared, Named(yaml, node))).ToList();
        var again = read.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1);
        return again is null ? read : throw TrialFileException.At(file, cases.Start.Line, $"{again.Count()} cases are called \"{again.Key}\": give each a name of its own.");
    }

    /// <summary>Answers alone, as <c>--answers</c> takes them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<GivenAnswer>> ReadAnswers(string file)
    {
        var yaml = new YamlText(file);
        return Answers(yaml, yaml.Root());
    }

    /// <summary>An event with its artifacts, as <c>--event</c> takes it: YAML or JSON, a container with <c>artifacts</c> in it.</summary>
    public static (JsonObject Event, IReadOnlyList<JsonObject> Artifacts) ReadEvent(string file)
    {
        var yaml = new YamlText(file);
        var root = yaml.Root();
        var container = yaml.Object(root, "The event");
        var artifacts = yaml.Members(root, "The event").TryGetValue("artifacts", out var list) ? Artifacts(yaml, list) : [];
        container.Remove("artifacts");
        return (container, artifacts);
    }

    private static IReadOnlyDictionary<string, YamlNode> Named(YamlText yaml, YamlNode node)
    {
        var members = yaml.Members(node, "A case", ["name", .. Given, "expect"]);
        return members.ContainsKey("name") ? members : throw yaml.At(node, "a case needs a name: begin it with \"- name: what it shows\".");
    }

    private static TestCase Case(YamlText yaml, TestCase shared, IReadOnlyDictionary<string, YamlNode> own)
    {
        var answers = shared.Answers.ToDictionary();
        foreach (var (key, given) in own.TryGetValue("answers", out var written) ? Answers(yaml, written) : [])
        {
            answers[key] = given;
        }

        return shared with
        {
            Name = own.TryGetValue("name", out var name) ? yaml.Text(name, "A name") : shared.Name,
            Now = own.TryGetValue("now", out var now) ? Moment(yaml, now) : shared.Now,
            Event = own.TryGetValue("event", out var container) ? Over(shared.Event, yaml.Object(container, "\"event\"")) : shared.Event,
            Artifacts = own.TryGetValue("artifacts", out var artifacts) ? Artifacts(yaml, artifacts) : shared.Artifacts,
            Inputs = own.TryGetValue("inputs", out var inputs) ? Over(shared.Inputs, yaml.Object(inputs, "\"inputs\"")) : shared.Inputs,
            Lists = own.TryGetValue("lists", out var lists) ? Over(shared.Lists, yaml.Object(lists, "\"lists\"")) : shared.Lists,
            Saved = own.TryGetValue("saved", out var saved) ? Over(shared.Saved, yaml.Object(saved, "\"saved\"")) : shared.Saved,
            Answers = answers,
            Expect = own.TryGetValue("expect", out var expected) ? Expect(yaml, expected) : shared.Expect,
        };
    }

    private static JsonObject Over(JsonObject? shared, JsonObject own)
    {
        var both = (JsonObject?)shared?.DeepClone() ?? [];
        foreach (var (key, value) in own)
        {
            both[key] = value?.DeepClone();
        }

        return both;
    }

    private static DateTimeOffset Moment(YamlText yaml, YamlNode node) =>
        DateTimeOffset.TryParse(yaml.Text(node, "\"now\""), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw yaml.At(node, "\"now\" is a time, such as 2026-03-04T10:00:00Z.");

    private static IReadOnlyList<JsonObject> Artifacts(YamlText yaml, YamlNode node) =>
        [.. yaml.Items(node, "\"artifacts\"").Select(item =>
        {
            yaml.Members(item, "An artifact", "name", "label", "severity", "type", "source_data_identifier", "cef", "cef_types", "data", "tags");
            return yaml.Object(item, "An artifact");
        })];

    private static Dictionary<string, IReadOnlyList<GivenAnswer>> Answers(YamlText yaml, YamlNode node) => yaml.Members(node, "\"answers\"").ToDictionary(
        member => member.Key,
        member => (IReadOnlyList<GivenAnswer>)(member.Value is YamlSequenceNode ? [.. yaml.Items(member.Value, "Answers").Select(item => Answer(yaml, item))] : [Answer(yaml, member.Value)]));

    private static GivenAnswer Answer(YamlText yaml, YamlNode node)
    {
        var members = yaml.Members(node, "An answer", "when", "data", "summary", "message", "failed", "responses", "by", "no_answer", "times");
        var person = Person(yaml, members);
        if (person is not null && (members.ContainsKey("data") || members.ContainsKey("summary")))
        {
            throw yaml.At(node, "an answer is either of an action (data, summary) or of a person (responses, by, no_answer).");
        }

        var failed = members.TryGetValue("failed", out var why);
        return new GivenAnswer(
            members.TryGetValue("when", out var when) ? yaml.Object(when, "\"when\"") : [],
            !failed,
            failed ? yaml.Text(why!, "\"failed\" (why it failed)") : members.TryGetValue("message", out var message) ? yaml.Text(message, "\"message\"") : "",
            members.TryGetValue("data", out var data) ? yaml.Json(data) as JsonArray ?? throw yaml.At(data, "\"data\" is a list, as action_result.data is.") : [],
            members.TryGetValue("summary", out var summary) ? yaml.Object(summary, "\"summary\"") : [],
            person,
            members.TryGetValue("times", out var times) ? Count(yaml, times) : null);
    }

    private static PersonAnswer? Person(YamlText yaml, IReadOnlyDictionary<string, YamlNode> members)
    {
        var (responses, by, silent) = (members.GetValueOrDefault("responses"), members.GetValueOrDefault("by"), members.GetValueOrDefault("no_answer"));
        if (responses is null && by is null && silent is null)
        {
            return null;
        }

        var keepsSilent = silent is not null && (yaml.Text(silent, "\"no_answer\"") switch
        {
            "true" => true,
            "false" => false,
            _ => throw yaml.At(silent, "\"no_answer\" is true or false."),
        });
        return new PersonAnswer(responses is null ? null : yaml.Texts(responses, "\"responses\""), by is null ? null : yaml.Text(by, "\"by\""), keepsSilent);
    }

    private static Expected Expect(YamlText yaml, YamlNode node)
    {
        var members = yaml.Members(node, "\"expect\"", "status", "actions", "no_actions", "prompts", "notes", "pins", "severity", "event_status", "outputs", "log", "saved");
        var status = members.TryGetValue("status", out var ending) ? yaml.Text(ending, "\"status\"") : "success";
        if (status is not ("success" or "failed"))
        {
            throw yaml.At(ending!, $"\"status\" is success or failed, not {status}.");
        }

        return new Expected
        {
            Status = status,
            Actions = members.TryGetValue("actions", out var actions) ? [.. yaml.Items(actions, "\"actions\"").Select(item => Action(yaml, item))] : null,
            NoActions = members.TryGetValue("no_actions", out var none) ? yaml.Texts(none, "\"no_actions\"") : [],
            Prompts = members.TryGetValue("prompts", out var prompts) ? [.. yaml.Items(prompts, "\"prompts\"").Select(item => Prompt(yaml, item))] : [],
            Notes = members.TryGetValue("notes", out var notes) ? yaml.Texts(notes, "\"notes\"") : [],
            Pins = members.TryGetValue("pins", out var pins) ? yaml.Texts(pins, "\"pins\"") : [],
            Severity = members.TryGetValue("severity", out var severity) ? yaml.Text(severity, "\"severity\"") : null,
            EventStatus = members.TryGetValue("event_status", out var state) ? yaml.Text(state, "\"event_status\"") : null,
            Outputs = members.TryGetValue("outputs", out var outputs) ? yaml.Object(outputs, "\"outputs\"") : null,
            Log = members.TryGetValue("log", out var log) ? yaml.Texts(log, "\"log\"") : [],
            Saved = members.TryGetValue("saved", out var saved) ? yaml.Object(saved, "\"saved\"") : null,
        };
    }

    private static ExpectedPrompt Prompt(YamlText yaml, YamlNode node)
    {
        if (node is YamlScalarNode)
        {
            return new ExpectedPrompt(yaml.Text(node, "A prompt"), null, null);
        }

        var members = yaml.Members(node, "An expected prompt", "name", "message", "to");
        return new ExpectedPrompt(
            members.TryGetValue("name", out var name) ? yaml.Text(name, "\"name\"") : throw yaml.At(node, "an expected prompt needs a name: that of its block."),
            members.TryGetValue("message", out var message) ? yaml.Text(message, "\"message\"") : null,
            members.TryGetValue("to", out var to) ? yaml.Text(to, "\"to\"") : null);
    }

    private static ExpectedAction Action(YamlText yaml, YamlNode node)
    {
        if (node is YamlScalarNode)
        {
            return new ExpectedAction(yaml.Text(node, "An action"), null, [], null);
        }

        var members = yaml.Members(node, "An expected action", "name", "asset", "parameters", "times");
        return new ExpectedAction(
            members.TryGetValue("name", out var name) ? yaml.Text(name, "\"name\"") : throw yaml.At(node, "an expected action needs a name: that of its block, or of the action."),
            members.TryGetValue("asset", out var asset) ? yaml.Text(asset, "\"asset\"") : null,
            members.TryGetValue("parameters", out var parameters) ? yaml.Object(parameters, "\"parameters\"") : [],
            members.TryGetValue("times", out var times) ? Count(yaml, times) : null);
    }

    private static int Count(YamlText yaml, YamlNode node) =>
        int.TryParse(yaml.Text(node, "\"times\""), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw yaml.At(node, "\"times\" is a whole number.");
}
