using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Policies;

/// <summary>
/// The dial of autonomy: one document says what is done by itself, who is asked for the rest, and what is never done. It is a row, and what
/// is about to leave builds on its version, so that nothing slips through between the look and the write.
/// </summary>
public interface IPolicies
{
    /// <summary>The policy in force.</summary>
    Task<PolicyInForce> Current();

    /// <summary>Replaces the policy. By a person; a key that is not known is refused by name, so that none is thought to hold that does not.</summary>
    Task<Outcome<Done>> Set(Unit unit, Caller caller, JsonElement document);

    /// <summary>What the policy says of one parameter set on one asset, now.</summary>
    Task<Ruling> Decide(PolicyQuestion question);

    /// <summary>The ruling, every rule with why it applies or does not, and every cap with what is used of it.</summary>
    Task<JsonObject> Explain(PolicyQuestion question);

    /// <summary>The unit fails unless this ruling's policy is still the one in force.</summary>
    void Expect(Unit unit, Ruling ruling);

    /// <summary>Counts the use of the ruling's caps in the unit that starts it; the store refuses the unit that would pass one.</summary>
    void Count(Unit unit, Ruling ruling, ActionResultRow result);

    /// <summary>The sentence for a unit that was refused by a cap of the policy; null where it was another one.</summary>
    string? CapSentence(Ruling ruling, Commit commit);

    /// <summary>Whether a rule looks for this tag on targets: then no run and no token changes who has it.</summary>
    Task<bool> Guards(string tag);

    /// <summary>Forgets what was read: the row turned out to be another one.</summary>
    void Forget();
}

/// <param name="Document">As it was set, canonical JSON; <c>{}</c> before anybody has set one.</param>
public sealed record PolicyInForce(JsonElement Document, long Version, DateTimeOffset UpdatedAt);

/// <summary>What is to be done, on what, for what.</summary>
public sealed record PolicyQuestion
{
    public required string Action { get; init; }

    public required string App { get; init; }

    public required AssetRow Asset { get; init; }

    /// <summary>As the app says it, for these parameters.</summary>
    public required Reach Reach { get; init; }

    /// <summary>Whether the asker named the asset.</summary>
    public required bool AssetNamed { get; init; }

    /// <summary>As the connector gets them.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>What it acts on, of these parameters; the asset where none says.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    public ContainerId? Container { get; init; }

    public PlaybookId? Playbook { get; init; }

    /// <summary>For caps per run: the run, or the asking where no run asks.</summary>
    public PlaybookRunId? Run { get; init; }
}

/// <summary>From the freest to the strictest: of several that apply the last counts.</summary>
public enum RulingKind
{
    /// <summary>By itself.</summary>
    Run,

    /// <summary>When people have approved it.</summary>
    Ask,

    /// <summary>Not done; what would have been done is on record.</summary>
    Record,

    Refuse,
}

/// <param name="Sentence">What was decided, and which rule says so.</param>
/// <param name="Reach">As the policy takes it: never less than the app says.</param>
public sealed record Ruling(RulingKind Kind, string Sentence, Reach Reach)
{
    /// <summary>Whom to ask: all of these have to be met.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>How long they have; null where no rule says.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>Who is asked as well when nobody has answered in time for it.</summary>
    public Escalation? Escalation { get; init; }

    internal IReadOnlyList<CapUse> Caps { get; init; } = [];

    internal SettingRow? Policy { get; init; }
}

/// <param name="Rule">Why they are asked.</param>
/// <param name="Who">Names of users or roles; none: the administrators.</param>
/// <param name="Persons">How many different ones.</param>
public sealed record Requirement(string Rule, IReadOnlyList<string> Who, int Persons);

/// <param name="After">Counted from the asking.</param>
public sealed record Escalation(TimeSpan After, IReadOnlyList<string> To);

/// <param name="Key">What is counted together: the run, the target, the asset, or all.</param>
internal sealed record CapUse(PolicyCap Cap, string Key, string Target);
