using Vedette.Model;

namespace Vedette.Engine.Policies;

/// <summary>The decision itself: a document and facts in, a ruling out; of all that applies the strictest counts.</summary>
internal static class Judge
{
    /// <summary>As the policy takes it: an administrator may have made it stricter, never looser.</summary>
    public static Reach ReachOf(PolicyDocument policy, PolicyQuestion question) => policy.Reach
        .Where(rule => When.Matches(rule.Action, question.Action) && (rule.App is null || When.Matches(rule.App, question.App)))
        .Select(rule => rule.Reach)
        .Append(question.Reach)
        .Max();

    public static Ruling Decide(PolicyDocument policy, PolicyQuestion question, PolicyFacts facts)
    {
        var (reach, action, asset) = (facts.Reach, question.Action, question.Asset.Name);
        if (reach > Reach.Reads && !question.AssetNamed)
        {
            return new Ruling(RulingKind.Refuse, $"Refused by policy: \"{action}\" {PolicyWords.Does(reach)} and names no asset. Name the asset it may act on.", reach);
        }

        var rules = policy.Rules.Where(rule => rule.When.WhyNot(facts) is null).ToList();
        if (rules.Find(rule => rule.Never) is { } never)
        {
            return new Ruling(RulingKind.Refuse, $"Refused by policy: rule \"{never.Name}\" says never to \"{action}\" on asset \"{asset}\" here.", reach);
        }

        var levels = rules.Where(rule => rule.Level is not null).Select(rule => (Level: rule.Level!.Value, Of: $"rule \"{rule.Name}\"")).ToList();
        if (policy.Level is { } whole)
        {
            levels.Insert(0, (whole, "the installation"));
        }

        // Of two that are as strict the first in the file is named.
        (Level Level, string Of)? strictest = levels.Count == 0 ? null : levels.MaxBy(one => one.Level);
        var asks = rules.Where(rule => rule.Ask is not null).ToList();
        var ruling = strictest is { } applies
            ? ByLevel(applies.Level, applies.Of, reach)
            : reach <= Reach.Records
                ? new Ruling(RulingKind.Run, reach == Reach.Reads ? "automatic: it reads" : "automatic: it records", reach)
                : new Ruling(asks.Count > 0 ? RulingKind.Run : RulingKind.Refuse, $"Refused by policy: \"{action}\" on asset \"{asset}\" {PolicyWords.Does(reach)}, and no policy allows that yet.", reach);
        if (ruling.Kind is RulingKind.Ask or RulingKind.Run && (asks.Count > 0 || ruling.Kind == RulingKind.Ask))
        {
            ruling = Asking(policy, ruling, asks);
        }

        return ruling with { Caps = [.. Caps(policy, question, facts)] };
    }

    /// <summary>The caps that count this, whether or not it is let go.</summary>
    public static IEnumerable<CapUse> Caps(PolicyDocument policy, PolicyQuestion question, PolicyFacts facts)
    {
        foreach (var cap in policy.Caps)
        {
            // A cap that names no reach is about what changes; tickets and notes are counted only by one that says so.
            if (facts.Reach == Reach.Reads || (cap.When.Reach.Count == 0 && facts.Reach < Reach.Changes) || cap.When.WhyNot(facts) is not null)
            {
                continue;
            }

            if (!cap.OfTargets && cap.Per != CapPer.Target)
            {
                yield return new CapUse(cap, Key(cap, question, ""), "");
                continue;
            }

            foreach (var target in question.Targets.Select(target => target.ToLowerInvariant()).Distinct())
            {
                yield return new CapUse(cap, Key(cap, question, target), target);
            }
        }
    }

    private static string Key(PolicyCap cap, PolicyQuestion question, string target) => cap.Per switch
    {
        CapPer.Run => $"run {question.Run?.Value ?? 0}",
        CapPer.Target => $"target {target}",
        CapPer.Asset => $"asset {question.Asset.Id}",
        _ => "",
    };

    private static Ruling ByLevel(Level level, string of, Reach reach)
    {
        var farthest = level switch
        {
            Level.Full => Reach.Destroys,
            Level.Guarded => Reach.Changes,
            Level.Assist => Reach.Records,
            _ => Reach.Reads,
        };
        var named = $"level {PolicyWords.Word(level)} of {of}";
        return reach <= farthest ? new Ruling(RulingKind.Run, $"automatic: it {PolicyWords.Does(reach)}, {named}", reach)
            : level == Level.Observe ? new Ruling(RulingKind.Record, $"Not sent, only recorded, as it {PolicyWords.Does(reach)}: {named}.", reach)
            : new Ruling(RulingKind.Ask, $"it {PolicyWords.Does(reach)}, {named}", reach);
    }

    /// <summary>Every rule that asks has to be met; where only a level asks, the policy's approvers are asked.</summary>
    private static Ruling Asking(PolicyDocument policy, Ruling ruling, List<PolicyRule> asks)
    {
        IReadOnlyList<Requirement> requirements = asks.Count > 0
            ? [.. asks.Select(rule => new Requirement($"rule \"{rule.Name}\"", rule.Ask!.Approvers.Count > 0 ? rule.Ask.Approvers : policy.Approvers, rule.Ask.Persons))]
            : [new Requirement(ruling.Sentence, policy.Approvers, 1)];
        var who = requirements.Select(one => $"{one.Rule} asks {one.Persons} of {(one.Who.Count > 0 ? string.Join(", ", one.Who) : "the administrators")}");
        var withins = asks.Select(rule => rule.Ask!.Within).OfType<TimeSpan>().ToList();
        return ruling with
        {
            Kind = RulingKind.Ask,
            Sentence = $"people are asked: {string.Join("; ", who)}",
            Requirements = requirements,
            Within = withins.Count > 0 ? withins.Min() : null,
            Escalation = asks.Select(rule => rule.Ask!.Escalation).OfType<Escalation>().MinBy(one => one.After),
        };
    }
}
