using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Trial.Platform;
using Vedette.Trial.Reports;

namespace Vedette.Trial.Cases;

/// <summary>Holds what came against what a test expects; each difference is a sentence.</summary>
internal sealed class Differences(IStore store, PlaybookRunRow run, IReadOnlyList<ActionReport> actions, IReadOnlyList<PromptReport> prompts, TrialRecord record)
{
    /// <param name="told">Errors tell already why the run ended as it did.</param>
    public async Task<IReadOnlyList<string>> Against(Expected expected, bool told)
    {
        var differences = new List<string>();
        if (run.Status != expected.Status && !(told && run.Status == "failed"))
        {
            differences.Add($"The run was to end with {expected.Status} and ended with {run.Status}{(run.Message.Length > 0 ? $": {run.Message}" : ".")}");
        }

        differences.AddRange(Actions(expected));
        differences.AddRange(expected.Prompts
            .Where(wanted => !prompts.Any(prompt => prompt.Name == wanted.Name && (wanted.Message is null || Stands(wanted.Message, prompt.Message)) && (wanted.To is null || prompt.To == wanted.To)))
            .Select(wanted => $"The prompt \"{wanted.Name}\"{(wanted.To is null ? "" : $" to {wanted.To}")} was to be asked{(wanted.Message is null ? "" : $" with \"{wanted.Message}\"")} and was not. "
                + (prompts.Count == 0 ? "None was asked." : $"Asked were: {string.Join(" | ", prompts.Select(prompt => $"{prompt.Name} to {prompt.To}: {prompt.Message}"))}.")));
        var container = await store.Find<ContainerRow>(run.ContainerId);
        Same(differences, "severity", expected.Severity, container?.Severity);
        Same(differences, "status", expected.EventStatus, container?.Status);
        var notes = await store.Select<NoteRow>(Query.For(Where.Is(nameof(NoteRow.ContainerId), run.ContainerId)));
        differences.AddRange(expected.Notes
            .Where(text => !notes.Any(note => Stands(text, $"{note.Title}\n{note.Content}")))
            .Select(text => $"No note says \"{text}\". {(notes.Count == 0 ? "There is none." : $"There is: {string.Join(" | ", notes.Select(note => note.Content))}")}"));
        var pins = await store.Select<PinRow>(Query.For(Where.Is(nameof(PinRow.ContainerId), run.ContainerId)));
        differences.AddRange(expected.Pins
            .Where(text => !pins.Any(pin => Stands(text, $"{pin.Message}\n{pin.Data}")))
            .Select(text => $"No pin says \"{text}\". {(pins.Count == 0 ? "There is none." : $"There is: {string.Join(" | ", pins.Select(pin => $"{pin.Message} {pin.Data}"))}")}"));
        differences.AddRange(expected.Log
            .Where(text => !record.Lines.Any(line => Stands(text, line)))
            .Select(text => $"No line of the log says \"{text}\". It has: {string.Join(" | ", record.Lines)}"));
        if (expected.Outputs is { } outputs && !((JsonArray)JsonNode.Parse(run.Outputs)!).Any(one => Likeness.Holds(outputs, one)))
        {
            differences.Add($"The outputs were to be {outputs.ToJsonString()} and are {run.Outputs}.");
        }

        foreach (var (key, value) in expected.Saved ?? [])
        {
            var at = TrialPlatform.WithEvent(key, new ContainerId(run.ContainerId));
            var rows = await store.Select<SavedValueRow>(Query.For(Where.Is(nameof(SavedValueRow.Key), at)));
            var there = rows.Count == 0 ? null : JsonNode.Parse(rows[0].Value);
            if (!Likeness.Holds(value, there))
            {
                differences.Add($"The saved value \"{at}\" was to be {value?.ToJsonString() ?? "null"} and is {there?.ToJsonString() ?? "not there"}.");
            }
        }

        return differences;
    }

    private IEnumerable<string> Actions(Expected expected)
    {
        if (expected.Actions is { Count: 0 } && actions.Count > 0)
        {
            yield return $"No action was to be asked for, and these were: {string.Join(", ", actions.Select(action => action.Name).Distinct())}.";
        }

        foreach (var wanted in expected.Actions ?? [])
        {
            var named = actions.Where(action => IsCalled(action, wanted.Name) && (wanted.Asset is null || action.Asset == wanted.Asset)).ToList();
            var like = named.Count(action => Likeness.Holds(wanted.Parameters, action.Parameters));
            if (wanted.Times is { } times ? like != times : like == 0)
            {
                yield return $"The action \"{wanted.Name}\"{(wanted.Asset is null ? "" : $" on {wanted.Asset}")} was to be asked for {(wanted.Times is { } count ? $"{count} time(s)" : "at least once")} with {wanted.Parameters.ToJsonString()} and was {like} time(s). "
                    + (named.Count == 0
                        ? $"Asked for were: {(actions.Count == 0 ? "none" : string.Join(", ", actions.Select(action => action.Name).Distinct()))}."
                        : $"It was asked for with {string.Join(" and ", named.Select(action => action.Parameters?.ToJsonString() ?? "nothing"))}.");
            }
        }

        foreach (var unwanted in expected.NoActions)
        {
            if (actions.FirstOrDefault(action => IsCalled(action, unwanted)) is { } asked)
            {
                yield return $"The action \"{unwanted}\" was not to be asked for and was, with {asked.Parameters?.ToJsonString() ?? "nothing"}.";
            }
        }
    }

    private static bool IsCalled(ActionReport action, string name) => action.Name == name || string.Equals(action.Action, name, StringComparison.OrdinalIgnoreCase);

    private static bool Stands(string text, string within) => text.Length > 1 && text.StartsWith('/') && text.EndsWith('/')
        ? Likeness.Holds(JsonValue.Create(text), JsonValue.Create(within))
        : within.Contains(text, StringComparison.Ordinal);

    private static void Same(List<string> differences, string what, string? wanted, string? there)
    {
        if (wanted is not null && !string.Equals(wanted, there, StringComparison.OrdinalIgnoreCase))
        {
            differences.Add($"The {what} of the event was to be {wanted} and is {there}.");
        }
    }
}
