using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Trial.Reports;

namespace Vedette.Trial.Platform;

/// <summary>What was seen of the turns of one case.</summary>
internal sealed class TrialRecord(string sourceHash)
{
    /// <summary>Calls that leave nothing behind them, or whose effect is an action that has its own place in the report.</summary>
    private static readonly HashSet<string> Reading =
    [
        "act", "custom_function", "playbook", "collect", "collect2", "collect_from_contains", "condition", "decision", "format", "render_template",
        "prompt", "prompt2", "task", "datastore_present", "datastore_check", "check_list", "vault_info", "debug",
    ];

    private readonly ConcurrentDictionary<int, bool> _places = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<long, string> _askedOf = new();
    private readonly ConcurrentDictionary<long, string> _whoAnswered = new();

    public List<Effect> Effects { get; } = [];

    public List<TrialError> Errors { get; } = [];

    public List<string> Lines { get; } = [];

    /// <summary>Whether anything that was made up has been handed to the playbook.</summary>
    public bool MadeUp { get; set; }

    public IReadOnlySet<int> Places => _places.Keys.ToHashSet();

    public void Reached(string hash, IReadOnlyList<int> places)
    {
        foreach (var place in hash == sourceHash ? places : [])
        {
            _places[place] = true;
        }
    }

    /// <summary>User or role that a prompt names, by its action run; empty for none.</summary>
    public string AskedOf(long actionRun) => _askedOf.GetValueOrDefault(actionRun, "");

    /// <summary>Where the answer to a prompt came from: <c>test</c> or <c>made up</c>.</summary>
    public string WhoAnswered(long prompt) => _whoAnswered.GetValueOrDefault(prompt, "nobody");

    public void AnsweredPrompt(long prompt, string by) => _whoAnswered[prompt] = by;

    public void Asked(long actionRun, JsonElement prompt)
    {
        foreach (var key in new[] { "role", "user", "reviewer" })
        {
            if (prompt.TryGetProperty(key, out var named) && named.ValueKind == JsonValueKind.String && named.GetString()!.Length > 0)
            {
                _askedOf[actionRun] = named.GetString()!;
            }
        }
    }

    public void Wrong(TrialError error)
    {
        lock (_gate)
        {
            Errors.Add(error);
        }
    }

    public void Called(TurnOrder order, string name, JsonElement arguments)
    {
        if (Reading.Contains(name) || name.StartsWith("get_", StringComparison.Ordinal)
            || (name == "rest" && (!arguments.TryGetProperty("method", out var method) || method.ValueEquals("GET"))))
        {
            return;
        }

        lock (_gate)
        {
            Effects.Add(new Effect(name, (JsonObject)JsonNode.Parse(arguments.GetRawText())!, order.Function));
        }
    }

    public void NotAvailable(TurnOrder order, string message)
    {
        lock (_gate)
        {
            Errors.Add(new TrialError(ErrorKind.Api, $"{message}. Leave it out, or tell us what the playbook needs it for.", 0, order.Function));
        }
    }

    public void Log(int level, string line)
    {
        lock (_gate)
        {
            Lines.Add(level >= 40 ? $"error: {line}" : line);
        }
    }

    public void Ended(TurnOrder order, TurnEnd end)
    {
        lock (_gate)
        {
            switch (end)
            {
                case TurnEnd.Raised raised:
                    Errors.RemoveAll(error => error.Kind == ErrorKind.Api && error.Line == 0 && error.Message.StartsWith(raised.Message, StringComparison.Ordinal));
                    Errors.Add(Verdicts.Of(raised, order, MadeUp));
                    break;
                case TurnEnd.Lost lost:
                    Errors.Add(new TrialError(ErrorKind.Playbook, lost.Sentence, 0, order.Function));
                    break;
                default:
                    break;
            }
        }
    }
}
