using System.Text;
using System.Text.Json;
using Vedette.Model.Conditions;
using Vedette.Model.Datapaths;
using Vedette.Model.Formats;

namespace Vedette.Model.Tests;

/// <summary>Whatever JSON a connector or a person sends: no exception, and rows line up with the paths asked for.</summary>
public sealed class AnyJsonTests
{
    private const int Rounds = 4000;

    private static readonly string[] Keys =
        ["data", "summary", "parameter", "status", "name", "action_results", "custom_function_results", "cef", "context", "artifact_id", "0", "*", "a.b"];

    private static readonly string[] Places =
    [
        "artifact:*.{0}", "artifacts:{0}", "artifact:{0}", "filtered-artifact:*.{0}", "b:artifact:*.{0}", "container:{0}", "playbook_input:{0}",
        "b:action_result.{0}", "b:filtered-action_result.{0}", "b:custom_function_result.{0}", "b:custom_function:{0}", "b:playbook_output:{0}",
        "b:formatted_data.*", "custom_list:{0}", "playbook:{0}", "{0}", "action_result.{0}", "filtered-data:f:condition_1:b:action_result.{0}",
        "filtered-data:f:condition_1:playbook_input:{0}", "filtered-data:f:condition_1:artifact:*.{0}", "filtered-data:f", ":{0}:", "b::{0}",
    ];

    private static readonly string[] Operators = ["==", "!=", "in", "not in", ">", ">=", "<", "<=", "like"];

    [Fact]
    public void Rows_LineUp_AndNothingThrows() => Each((random, data) =>
    {
        var place = Pick(random, Places);
        var paths = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Fill(random, random.Next(5) == 0 ? Pick(random, Places) : place)).ToArray();
        var request = new CollectRequest(paths)
        {
            ActionResults = random.Next(2) == 0 ? null : Value(random, 5),
            FilterArtifacts = random.Next(4) == 0 ? [1, 2] : null,
            Tags = random.Next(6) == 0 ? ["t"] : null,
        };
        var rows = Collect.Rows(data, request);
        Assert.All(rows, row => Assert.Equal(paths.Length, row.Length));
        Assert.All(rows, row => Assert.DoesNotContain(row, cell => cell.ValueKind == JsonValueKind.Undefined));
        Assert.NotNull(Collect.Flat(data, paths[0], request));
        Assert.NotNull(Collect.Concatenate(rows.SelectMany(row => row), true));
    });

    [Fact]
    public void Conditions_KeepASubset_AndNothingThrows() => Each((random, data) =>
    {
        var lines = Enumerable.Range(0, random.Next(4)).Select(_ => new ConditionLine(Operand(random), Pick(random, Operators), Operand(random))).ToArray();
        var request = new ConditionRequest(lines)
        {
            All = random.Next(2) == 0,
            CaseSensitive = random.Next(2) == 0,
            Delimiter = random.Next(2) == 0 ? null : ",",
            ActionResults = random.Next(2) == 0 ? null : Value(random, 5),
        };
        var result = Condition.Evaluate(data, request);
        Assert.Equal(result.Any, result.MatchedArtifacts.Count + result.MatchedResults.GetArrayLength() > 0);
        Assert.Equal(result.Kept.ToJson(), FilteredData.FromJson(result.Kept.ToJson()).ToJson());
        Assert.Equal(result.MatchedArtifacts.Order(), result.MatchedArtifacts);
    });

    [Fact]
    public void NegativeOperators_AreExactComplements_OnOneRow() => Each((random, data) =>
    {
        var (left, right) = (Value(random, 2), Value(random, 2));
        foreach (var (positive, negative) in new[] { ("==", "!="), ("in", "not in") })
        {
            var holds = Condition.Evaluate(data, new([new(left, positive, right)])).Any;
            var fails = Condition.Evaluate(data, new([new(left, negative, right)])).Any;
            Assert.True(holds != fails, $"{PythonText.Repr(left)} {positive} {PythonText.Repr(right)}");
        }
    });

    [Fact]
    public void Formats_NeverThrow() => Each((random, data) =>
    {
        string[] parts = ["{0}", "{1}", "{2}", "{", "}", "{{", "}}", "%%", "\n", "text", "{}", "{99999999999}", "%%\n", "\r\n%%"];
        var template = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pick(random, parts)));
        var formatted = Format.Render(data, new(template, [Operand(random), Operand(random)]) { DropNone = random.Next(2) == 0 });
        Assert.NotNull(formatted.Text);
        Assert.NotNull(formatted.List);
    });

    private static void Each(Action<Random, RunDataFake> check)
    {
        var first = Environment.GetEnvironmentVariable("VEDETTE_SEED") is { } given ? int.Parse(given) : 20_000;
        for (var seed = first; seed < first + Rounds; seed++)
        {
            var random = new Random(seed);
            try
            {
                check(random, Data(random));
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"With VEDETTE_SEED={seed}: {fault.Message}", fault);
            }
        }
    }

    private static RunDataFake Data(Random random)
    {
        var data = new RunDataFake { Container = random.Next(8) == 0 ? default : Value(random, 3), Inputs = random.Next(4) == 0 ? null : Value(random, 4) };
        for (var id = 1; id <= random.Next(4); id++)
            data.AllArtifacts.Add(new(id, Value(random, 4), ["t"]));
        data.Actions["b"] = Results(random, "action_results");
        data.Functions["b"] = Results(random, "custom_function_results");
        data.Outputs["b"] = Value(random, 4);
        data.RunValues["b:data"] = random.Next(2) == 0 ? "{" : Value(random, 3).GetRawText();
        data.Formats["b"] = ("x", ["x", ""]);
        data.Lists["data"] = [Value(random, 2), Value(random, 2)];
        data.Filters["f:condition_1"] = new([1, 9], Results(random, "action_results"), new Dictionary<string, JsonElement> { ["playbook_input"] = Value(random, 3) });
        return data;
    }

    private static JsonElement Results(Random random, string inner) => random.Next(4) == 0
        ? Value(random, 5)
        : RunDataFake.Strict($$"""[{"name":"b","{{inner}}":[{{Value(random, 4).GetRawText()}},{{Value(random, 4).GetRawText()}}]},{{Value(random, 3).GetRawText()}}]""");

    private static JsonElement Operand(Random random) => random.Next(3) == 0
        ? Value(random, 2)
        : JsonSerializer.SerializeToElement(Fill(random, Pick(random, Places)));

    private static string Fill(Random random, string place)
    {
        var path = string.Join('.', Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3) == 0 ? "*" : Pick(random, Keys)));
        return place.Replace("{0}", path, StringComparison.Ordinal);
    }

    private static JsonElement Value(Random random, int depth)
    {
        var json = new StringBuilder();
        Write(json, random, depth);
        return RunDataFake.Strict(json.ToString());
    }

    private static void Write(StringBuilder into, Random random, int depth)
    {
        string[] scalars =
            ["null", "true", "false", "0", "-0", "1e999", "12345678901234567890123", "1.5", "\"\"", "\"a,b\"", "\"5\"", "\"10.0.0.1\"", "\"10.0.0.0/8\"", "\"\\ud800\"", "\"\\u0000\"", "\"None\""];
        var kind = depth == 0 ? 0 : random.Next(4);
        if (kind < 2)
        {
            into.Append(Pick(random, scalars));
            return;
        }
        into.Append(kind == 2 ? '[' : '{');
        var count = random.Next(4);
        for (var at = 0; at < count; at++)
        {
            if (at > 0)
                into.Append(',');
            if (kind == 3)
                into.Append('"').Append(random.Next(12) == 0 ? "\\udc00" : Pick(random, Keys)).Append("\":");
            Write(into, random, depth - 1);
        }
        into.Append(kind == 2 ? ']' : '}');
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
