using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Tests.Policies;

/// <summary>What holds of every decision, over policies and questions drawn by chance.</summary>
public sealed class JudgeTests
{
    private const int Schedules = 20_000;

    [Fact]
    public void OverPoliciesByChance_ARuleNeverLoosens_AndWhatIsAskedSaysWhom()
    {
        var seed = Random.Shared.Next();
        var dice = new Random(seed);
        for (var i = 0; i < Schedules; i++)
        {
            var policy = Chance.Policy(dice);
            var (question, facts) = Chance.Question(dice);
            var why = $"seed {seed}, schedule {i}: {policy.ToJsonString()}";
            var before = Decide(policy, question, facts);

            Assert.True(before.Kind != RulingKind.Ask || (before.Requirements.Count > 0 && before.Requirements.All(one => one.Persons > 0)), why);
            Assert.True(facts.Reach == Reach.Reads || question.AssetNamed || before.Kind == RulingKind.Refuse, why);
            Assert.True((string?)policy["level"] != "observe" || facts.Reach == Reach.Reads || before.Kind >= RulingKind.Record, why);
            Assert.True((string?)policy["level"] is not ("assist" or "guarded") || facts.Reach < Reach.Destroys || before.Kind >= RulingKind.Ask, why);

            // Where the installation has a level a further rule only narrows; elsewhere it is what allows.
            if (policy["level"] is not null)
            {
                var rule = Chance.Rule(dice, 99);
                policy["rules"]!.AsArray().Add(rule);
                Assert.True(Decide(policy, question, facts).Kind >= before.Kind, $"{why}, with {rule.ToJsonString()}");
            }

            policy["rules"]!.AsArray().Add(new JsonObject { ["name"] = "last", ["never"] = true });
            Assert.True(Decide(policy, question, facts).Kind == RulingKind.Refuse, why);
        }
    }

    [Fact]
    public void ReachIsMadeStricter_NeverLooser()
    {
        var (question, _) = Chance.Question(new Random(1));
        var looser = Read(new JsonObject { ["reach"] = new JsonArray(new JsonObject { ["action"] = "*", ["reach"] = "reads" }) });
        var stricter = Read(new JsonObject { ["reach"] = new JsonArray(new JsonObject { ["action"] = "*", ["reach"] = "destroys" }) });

        Assert.Equal(Reach.Changes, Judge.ReachOf(looser, question with { Reach = Reach.Changes }));
        Assert.Equal(Reach.Destroys, Judge.ReachOf(stricter, question with { Reach = Reach.Changes }));
    }

    [Theory]
    [InlineData("dc*", "DC01", true)]
    [InlineData("*.example.net", "a.b.Example.net", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXc", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("*", "", true)]
    [InlineData("**", "x", true)]
    [InlineData("dc", "dc1", false)]
    public void StarsStandForAnything(string pattern, string value, bool matches) => Assert.Equal(matches, When.Matches(pattern, value));

    private static Ruling Decide(JsonObject policy, PolicyQuestion question, PolicyFacts facts) => Judge.Decide(Read(policy), question, facts);

    private static PolicyDocument Read(JsonObject policy) => PolicyReader.Read(JsonSerializer.SerializeToElement(policy)).Value;
}

/// <summary>Policies, rules and questions by chance, over few words so that they often meet.</summary>
internal static class Chance
{
    private static readonly string[] Levels = ["observe", "assist", "guarded", "full"];
    private static readonly string[] Reaches = ["reads", "records", "changes", "destroys"];
    private static readonly string[] Labels = ["events", "phishing"];
    private static readonly string[] Assets = ["edr", "firewall"];

    public static JsonObject Policy(Random dice)
    {
        var policy = new JsonObject { ["rules"] = new JsonArray([.. Enumerable.Range(0, dice.Next(4)).Select(i => Rule(dice, i))]) };
        if (dice.Next(3) > 0)
        {
            policy["level"] = One(dice, Levels);
        }

        return policy;
    }

    public static JsonObject Rule(Random dice, int number)
    {
        var when = new JsonObject();
        foreach (var (key, words) in new[] { ("label", Labels), ("asset", Assets), ("reach", Reaches) })
        {
            if (dice.Next(3) == 0)
            {
                when[key] = new JsonArray(One(dice, words));
            }
        }

        var rule = new JsonObject { ["name"] = $"rule {number}", ["when"] = when };
        switch (dice.Next(5))
        {
            case 0: rule["never"] = true; break;
            case 1: rule["ask"] = new JsonObject { ["persons"] = dice.Next(1, 4) }; break;
            default: rule["level"] = One(dice, Levels); break;
        }

        return rule;
    }

    public static (PolicyQuestion Question, PolicyFacts Facts) Question(Random dice)
    {
        var asset = new AssetRow { Id = 1, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch, Name = One(dice, Assets), AppId = 1 };
        var question = new PolicyQuestion { Action = "isolate", App = "EDR", Asset = asset, Reach = (Reach)dice.Next(4), AssetNamed = dice.Next(10) > 0, Parameters = JsonSerializer.SerializeToElement(new { host = "wks-1" }), Targets = ["wks-1"] };
        var values = When.Keys.ToDictionary(key => key, _ => (IReadOnlyList<string>)[]);
        (values["label"], values["asset"], values["action"]) = ([One(dice, Labels)], [asset.Name], ["isolate"]);
        return (question, new PolicyFacts(question.Reach, values, new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Unspecified)));
    }

    public static string One(Random dice, string[] of) => of[dice.Next(of.Length)];
}
