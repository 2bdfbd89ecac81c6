using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Policies;

internal sealed class PolicyRoom(IStore store, TimeProvider time) : IPolicies, IDisposable
{
    private const string Setting = "autonomy_policy";

    /// <summary>Marks, among what a store says it was capped by, the caps of a policy.</summary>
    private const string CapMark = "cap ";

    private readonly SemaphoreSlim _loading = new(1, 1);
    private Loaded? _loaded;

    public async Task<PolicyInForce> Current()
    {
        var row = (await Load()).Row;
        return new PolicyInForce(JsonSerializer.Deserialize<JsonElement>(row.Value), row.Version, row.UpdatedAt);
    }

    public async Task<Outcome<Done>> Set(Unit unit, Caller caller, JsonElement document)
    {
        if (caller.LacksInPerson(Permissions.EditSettings) is { } refusal)
        {
            return refusal;
        }

        if (caller.Run is not null)
        {
            return new Refusal(RefusalKind.Forbidden, "person_needed", "The policy is set by a person, never by a run.");
        }

        if (!PolicyReader.Read(document).Ok(out var policy, out var fault))
        {
            return fault;
        }

        var row = (await Load()).Row;
        var now = time.GetUtcNow();
        var next = row with { Value = JsonSerializer.Serialize(document), Version = row.Version + 1, UpdatedAt = now };
        unit.Update<SettingRow>(row.Id, row.Version, (nameof(row.Value), next.Value), (nameof(row.Version), next.Version), (nameof(row.UpdatedAt), now));
        unit.Audit(caller, now, "changed", "policy", row.Id, content: new JsonObject
        {
            ["before"] = JsonNode.Parse(row.Value),
            ["after"] = JsonNode.Parse(next.Value),
        });
        unit.Afterward(() => _loaded = new Loaded(next, policy));
        return default(Done);
    }

    public async Task<Ruling> Decide(PolicyQuestion question)
    {
        var loaded = await Load();
        var facts = await Facts(loaded.Policy, question);
        return Judge.Decide(loaded.Policy, question, facts) with { Policy = loaded.Row };
    }

    public async Task<JsonObject> Explain(PolicyQuestion question)
    {
        var loaded = await Load();
        var facts = await Facts(loaded.Policy, question, all: true);
        var ruling = Judge.Decide(loaded.Policy, question, facts);
        var caps = new JsonArray();
        foreach (var use in Judge.Caps(loaded.Policy, question, facts))
        {
            caps.Add(new JsonObject { ["name"] = use.Cap.Name, ["most"] = use.Cap.Most, ["used"] = await Used(use), ["counts"] = use.Cap.OfTargets ? "targets" : "actions", ["together"] = use.Key });
        }

        return new JsonObject
        {
            ["would"] = ruling.Kind switch { RulingKind.Run => "run", RulingKind.Ask => "ask", RulingKind.Record => "record", _ => "refuse" },
            ["because"] = ruling.Sentence,
            ["reach"] = facts.Reach.ToString().ToLowerInvariant(),
            ["level"] = loaded.Policy.Level is { } level ? PolicyWords.Word(level) : null,
            ["asks"] = new JsonArray([.. ruling.Requirements.Select(one => new JsonObject { ["rule"] = one.Rule, ["persons"] = one.Persons, ["who"] = new JsonArray([.. one.Who.Select(who => (JsonNode)who)]) })]),
            ["rules"] = new JsonArray([.. loaded.Policy.Rules.Select(rule => new JsonObject
            {
                ["name"] = rule.Name,
                ["applies"] = rule.When.WhyNot(facts) is null,
                ["says"] = rule.Never ? "never" : rule.Level is { } of ? $"level {PolicyWords.Word(of)}{(rule.Ask is null ? "" : ", ask")}" : "ask",
                ["why_not"] = rule.When.WhyNot(facts),
            })]),
            ["caps"] = caps,
            ["policy_version"] = loaded.Row.Version,
        };
    }

    public void Expect(Unit unit, Ruling ruling) => unit.Expect<SettingRow>(ruling.Policy!.Id, ruling.Policy.Version);

    public void Count(Unit unit, Ruling ruling, ActionResultRow result)
    {
        var now = time.GetUtcNow();
        foreach (var use in ruling.Caps)
        {
            var (cap, key) = (use.Cap, KeyOf(use, result));
            unit.Add(new CapUses(CapMark + cap.Name, cap.Name, key, Since(cap, now), cap.Most, cap.OfTargets ? use.Target : null));
            unit.Insert(new CapUseRow { Id = store.NextId<CapUseRow>(), Cap = cap.Name, Key = key, Target = use.Target, At = now, ActionRunId = result.ActionRunId });
        }
    }

    public string? CapSentence(Ruling ruling, Commit commit)
    {
        var use = ruling.Caps.FirstOrDefault(one => CapMark + one.Cap.Name == commit.What);
        return use is null ? null : $"Refused by policy: cap \"{use.Cap.Name}\" is reached, {use.Cap.Most} {(use.Cap.OfTargets ? "targets" : "actions")}{Together(use.Cap)}; it was not sent. Ask again later, or have the policy changed.";
    }

    public async Task<bool> Guards(string tag) =>
        (await Load()).Policy.Rules.Any(rule => rule.When.Words.TryGetValue("target_tags", out var words) && words.Any(word => When.Matches(word, tag)));

    public void Forget() => _loaded = null;

    public void Dispose() => _loading.Dispose();

    private static string Together(PolicyCap cap)
    {
        var per = cap.Per switch { CapPer.Run => " in one run", CapPer.Target => " on this target", CapPer.Asset => " on this asset", _ => "" };
        return cap.Within is { } within ? $"{per} within {within.TotalMinutes:0} minutes" : per;
    }

    /// <summary>What nobody's run asks for counts by itself.</summary>
    private static string KeyOf(CapUse use, ActionResultRow result) => use.Key == "run 0" ? $"action {result.ActionRunId}" : use.Key;

    private static DateTimeOffset Since(PolicyCap cap, DateTimeOffset now) => cap.Within is { } within ? now - within : DateTimeOffset.UnixEpoch;

    private async Task<long> Used(CapUse use)
    {
        var where = Where.Is(nameof(CapUseRow.Cap), use.Cap.Name) & Where.Is(nameof(CapUseRow.Key), use.Key) & new Compare(nameof(CapUseRow.At), Comparison.Greater, Since(use.Cap, time.GetUtcNow()));
        return use.Cap.OfTargets ? (await store.Select<CapUseRow>(Query.For(where))).Select(row => row.Target).Distinct().Count() : await store.Count<CapUseRow>(where);
    }

    private async Task<Loaded> Load()
    {
        if (_loaded is { } known)
        {
            return known;
        }

        await _loading.WaitAsync();
        try
        {
            if (_loaded is { } meanwhile)
            {
                return meanwhile;
            }

            var rows = await store.Select<SettingRow>(Query.For(Where.Is(nameof(SettingRow.Name), Setting)));
            if (rows.Count == 0)
            {
                var first = new SettingRow { Id = store.NextId<SettingRow>(), Name = Setting, Value = "{}", UpdatedAt = time.GetUtcNow() };
                var unit = new Unit();
                unit.Insert(first);
                await store.Commit(unit);
                rows = [first];
            }

            // One that another version wrote and this one cannot read stops the start: going on without it would loosen it.
            return _loaded = PolicyReader.Read(JsonSerializer.Deserialize<JsonElement>(rows[0].Value)).Ok(out var policy, out var refusal)
                ? new Loaded(rows[0], policy)
                : throw new InvalidOperationException($"The policy in the store cannot be read: {refusal.Message}");
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>What no rule asks for is not looked up.</summary>
    private async Task<PolicyFacts> Facts(PolicyDocument policy, PolicyQuestion question, bool all = false)
    {
        var used = policy.Rules.Select(rule => rule.When).Concat(policy.Caps.Select(cap => cap.When)).SelectMany(when => when.Words.Keys).ToHashSet();
        bool Needs(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (used.Contains(key))
                {
                    return true;
                }
            }

            return all;
        }

        var container = question.Container is { } event_ && Needs("label", "severity", "event_tags") ? await store.Find<ContainerRow>(event_.Value) : null;
        var playbook = question.Playbook is { } id && Needs("playbook", "repository") ? await store.Find<PlaybookRow>(id.Value) : null;
        var targets = Targets(question.Parameters).ToList();
        return new PolicyFacts(
            Judge.ReachOf(policy, question),
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["label"] = container is null ? [] : [container.Label],
                ["severity"] = container is null ? [] : [container.Severity],
                ["event_tags"] = container is null ? [] : Texts.Read(container.Tags),
                ["playbook"] = playbook is null ? [] : [$"{playbook.Repository}/{playbook.Name}", playbook.Name],
                ["repository"] = playbook is null ? [] : [playbook.Repository],
                ["app"] = [question.App],
                ["asset"] = [question.Asset.Name],
                ["asset_tags"] = Texts.Read(question.Asset.Tags),
                ["action"] = [question.Action],
                ["target"] = targets,
                ["target_tags"] = Needs("target_tags") ? await TagsOf(targets) : [],
            },
            TimeZoneInfo.ConvertTime(time.GetUtcNow(), policy.TimeZone).DateTime);
    }

    /// <summary>Every text among the parameters, the parts of one with commas, and of a name with dots its first part too: a rule that says never holds for each way to name a host.</summary>
    private static IEnumerable<string> Targets(JsonElement parameters)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in Leaves(parameters))
        {
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Append(text.Trim()))
            {
                found.Add(part);
                if (part.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
                {
                    found.Add(part[..dot]);
                }
            }
        }

        return found;
    }

    private static IEnumerable<string> Leaves(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Leaves),
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Number => [element.GetRawText()],
        _ => [],
    };

    /// <summary>The tags of the indicators that these values are, as they were written and in small letters.</summary>
    private async Task<IReadOnlyList<string>> TagsOf(IReadOnlyList<string> values)
    {
        var hashes = values.SelectMany(value => new[] { value, value.ToLowerInvariant(), value.ToUpperInvariant() }).Distinct().Select(value => (object?)Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))).ToList();
        var tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in hashes.Chunk(500))
        {
            foreach (var row in await store.Select<IndicatorRow>(Query.For(Where.In(nameof(IndicatorRow.ValueHash), some))))
            {
                tags.UnionWith(Texts.Read(row.Tags));
            }
        }

        return [.. tags];
    }

    private sealed record Loaded(SettingRow Row, PolicyDocument Policy);
}
