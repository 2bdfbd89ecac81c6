using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Engine.Storage;
using Vedette.Engine.Workbooks;
using Vedette.Model;

namespace Vedette.Trial.Platform;

/// <summary>Workbooks, phases and tasks that a playbook without a test asks for by name, and nobody has.</summary>
/// <param name="suggested">The playbooks that are there by now: a task suggests them.</param>
internal sealed partial class MadeUpWorkbooks(IStore store, IWorkbooks workbooks, TrialRecord record, Func<JsonArray> suggested) : IDisposable
{
    /// <summary>What functions of the field call the name of a task when they are handed one.</summary>
    private const string TaskArgument = "task_name";

    /// <summary>What the functions of the field take as "the task that suggests this playbook".</summary>
    private const string OwnTask = "playbook";

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Before a call is answered.</summary>
    public async Task Prepare(string call, JsonElement arguments, ContainerId container)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            if (call == "get_tasks")
            {
                await HasTasks(container);
            }
            else if (call == "custom_function" && arguments.TryGetProperty("parameters", out var sets) && sets.ValueKind == JsonValueKind.Array)
            {
                foreach (var set in sets.EnumerateArray())
                {
                    if (set.ValueKind == JsonValueKind.Object && set.TryGetProperty(TaskArgument, out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } task and not OwnTask)
                    {
                        await HasTask(Named(set) ?? container, task);
                    }
                }
            }
            else if (call == "rest" && Template().IsMatch(arguments.GetProperty("path").GetString() ?? ""))
            {
                await HasTemplate(arguments.TryGetProperty("query", out var query) ? query.GetString() ?? "" : "");
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>A workbook with one task, where the event has no task: a playbook that looks for its own task finds one.</summary>
    private async Task HasTasks(ContainerId container)
    {
        if ((await store.Select<WorkbookTaskRow>(OfEvent(container))).Count > 0 || await store.Find<ContainerRow>(container.Value) is null)
        {
            return;
        }

        var template = await Make(await Unused("A workbook made up"));
        if (template is { } id)
        {
            await Units.Decide(store, unit => workbooks.Add(unit, Caller.Platform, container, id.Value.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private async Task HasTask(ContainerId container, string name)
    {
        await HasTasks(container);
        if ((await store.Select<WorkbookTaskRow>(OfEvent(container))).All(task => task.Name != name))
        {
            await Units.Decide(store, unit => workbooks.AddTask(unit, Caller.Platform, new TaskDraft { Name = name, Container = container }));
        }
    }

    /// <summary>The workbook that the query names; any, where it names none.</summary>
    private async Task HasTemplate(string query)
    {
        var named = NameFilter().Match(Uri.UnescapeDataString(query));
        var known = await store.Select<WorkbookTemplateRow>(new Query());
        if (named.Success ? known.All(one => !one.Name.Equals(named.Groups[1].Value, StringComparison.OrdinalIgnoreCase)) : known.Count == 0 && !query.Contains("_filter_", StringComparison.Ordinal))
        {
            await Make(named.Success ? named.Groups[1].Value : "A workbook made up");
        }
    }

    private async Task<WorkbookTemplateId?> Make(string name)
    {
        var task = new TaskDraft { Name = $"Task of {name}", Playbooks = JsonSerializer.SerializeToElement(suggested()) };
        // Functions of the field tell by the name of a phase which workbooks an event has.
        var draft = new WorkbookDraft { Name = name, Phases = [new PhaseDraft($"Phase of {name}", 1, [task])] };
        var made = await Units.Decide(store, unit => workbooks.CreateTemplate(unit, Caller.Platform, draft));
        record.MadeUp |= !made.Refused;
        return made.Ok(out var id, out _) ? id : null;
    }

    /// <summary>Several events of a case may want one of their own.</summary>
    private async Task<string> Unused(string name)
    {
        var known = (await store.Select<WorkbookTemplateRow>(new Query())).Count(one => one.Name.StartsWith(name, StringComparison.Ordinal));
        return known == 0 ? name : $"{name} {known + 1}";
    }

    private static ContainerId? Named(JsonElement parameters)
    {
        var named = parameters.TryGetProperty("container", out var given) && given.ValueKind == JsonValueKind.Object && given.TryGetProperty("id", out var id) ? id : given;
        return named.ValueKind == JsonValueKind.Number && named.TryGetInt64(out var number) ? new ContainerId(number) : null;
    }

    private static Query OfEvent(ContainerId container) => Query.For(Where.Is(nameof(WorkbookTaskRow.ContainerId), container.Value));

    [GeneratedRegex("^/rest/(workbook|workflow)_template/?$")]
    private static partial Regex Template();

    [GeneratedRegex("(?:^|&)_filter_name=\"([^\"]+)\"")]
    private static partial Regex NameFilter();
}
