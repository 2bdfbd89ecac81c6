using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vedette.Commands;

/// <summary>An approval as text. What comes from playbooks and alerts stands behind a bar, without signs that move a terminal, so that it cannot pass for the server's own words.</summary>
internal static class ApprovalText
{
    public static string Line(JsonElement approval) => string.Create(
        CultureInfo.InvariantCulture,
        $"{approval.GetProperty("id").GetInt64(),5}  {Plain(approval, "status"),-9}  {Plain(approval, "action"),-6}  for {Plain(approval, "_pretty_owner")}{Until(approval)}  {Plain(approval, "name")}: {Short(Plain(approval, "message"))}");

    public static string Whole(JsonElement approval)
    {
        var id = approval.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Approval {id}: {Plain(approval, "action")}, {Plain(approval, "status")}\n");
        text.Append(CultureInfo.InvariantCulture, $"For:      {Plain(approval, "_pretty_owner")}{Until(approval)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Event:    {approval.GetProperty("container")}, run {approval.GetProperty("playbook_run")}\n");
        text.Append("Asked:\n");
        Boxed(text, Value(approval, "name"));
        Boxed(text, Value(approval, "message"));
        foreach (var target in approval.GetProperty("targets").EnumerateArray())
        {
            text.Append(CultureInfo.InvariantCulture, $"Action:   {Plain(target, "action")} on {Plain(target, "asset")} ({Plain(target, "app")}), it {Plain(target, "reach")}, with\n");
            foreach (var parameter in target.GetProperty("parameters").EnumerateObject())
            {
                Boxed(text, $"{parameter.Name}: {parameter.Value}");
            }
        }

        foreach (var requirement in approval.GetProperty("requirements").EnumerateArray())
        {
            text.Append(CultureInfo.InvariantCulture, $"Needs:    {Plain(requirement, "persons")} for {Plain(requirement, "rule")}\n");
        }

        if (approval.GetProperty("approvals").GetArrayLength() is > 0 and var given)
        {
            text.Append(CultureInfo.InvariantCulture, $"Approved: by {given} so far\n");
        }

        var number = 0;
        var hint = new StringBuilder();
        foreach (var question in approval.GetProperty("response_types").EnumerateArray())
        {
            text.Append(CultureInfo.InvariantCulture, $"Question {++number}: {Options(question)}\n");
            Boxed(text, Value(question, "prompt"));
            hint.Append(CultureInfo.InvariantCulture, $" RESPONSE{number}");
        }

        if (Plain(approval, "status") == "pending")
        {
            text.Append(CultureInfo.InvariantCulture, $"To answer:  vedette approvals answer {id}{hint}\nTo decline: vedette approvals decline {id}\n");
        }

        foreach (var response in approval.GetProperty("responses").EnumerateArray())
        {
            text.Append("Response:\n");
            Boxed(text, response.ToString());
        }

        return text.ToString();
    }

    private static string Options(JsonElement question)
    {
        if (!question.TryGetProperty("options", out var options) || options.ValueKind != JsonValueKind.Object)
        {
            return "any text";
        }

        return Plain(options, "type") switch
        {
            "list" when options.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array => $"one of {string.Join(", ", choices.EnumerateArray().Select(choice => $"\"{Plain(choice.ToString())}\""))}",
            "list" => "one of \"Yes\", \"No\"",
            "range" => $"a whole number from {(Plain(options, "min") is { Length: > 0 } min ? min : "0")}{(Plain(options, "max") is { Length: > 0 } max ? $" to {max}" : "")}",
            _ => "any text",
        };
    }

    private static void Boxed(StringBuilder text, string outside)
    {
        foreach (var line in outside.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append("  | ").Append(Plain(line)).Append('\n');
        }
    }

    private static string Until(JsonElement approval) => Plain(approval, "due_time") is { Length: > 0 } due ? $", until {due}" : "";

    private static string Short(string text) => text.Length <= 80 ? text : $"{text[..79]}…";

    private static string Value(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Plain(JsonElement from, string name) => Plain(Value(from, name));

    /// <summary>Control signs move the cursor, and format signs turn the direction of what follows.</summary>
    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format ? ' ' : letter));
}
