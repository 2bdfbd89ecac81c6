using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>Makes of a message the function to call and its arguments.</summary>
internal sealed class TurnJobs(PlaybookSources sources, TurnServices turns)
{
    public async Task<TurnJob> Of(RunState state, MessageRow message)
    {
        var payload = (JsonObject)JsonNode.Parse(message.Payload)!;
        return message.Kind switch
        {
            "start" => await Call(state, "on_start", static (json, container) => json.WriteRawValue(container)),
            "action" => await ActionEnded(state, (long)payload["action_run_id"]!),
            "function" => await Function(payload),
            "child" => await ChildEnded(state, message, (long)payload["run_id"]!),
            "child_refused" => await ChildRefused(state, payload),
            "function_end" => await FunctionEnded(state, payload),
            _ => throw new InvalidOperationException($"Run {state.Row.Id} has a message of unknown kind \"{message.Kind}\"."),
        };
    }

    public async Task<TurnJob> Finish(RunState state, string summary)
    {
        var job = await Call(state, "on_finish", (json, container) =>
        {
            json.WriteRawValue(container);
            json.WriteStringValue(summary);
        });
        return job with { MayBeAbsent = true };
    }

    public TurnOrder Order(TurnJob job, Turn turn, PlaybookRunRow row, IReadOnlyList<double> clock) => new()
    {
        ChildKey = $"{job.Source!.Hash} {row.TenantId} {row.UserId}",
        Exclusive = job.Source.Exclusive,
        SourceHash = job.Source.Hash,
        SourceName = job.Source.FileName,
        Source = job.Source.Bytes,
        Function = job.Function,
        MayBeAbsent = job.MayBeAbsent,
        Arguments = job.Arguments,
        Keywords = job.Keywords,
        Handed = Handed(turn),
        Seed = Seed(row, turn.Number),
        Clock = clock,
        IsCustomFunction = job.IsCustomFunction,
        Python2Layer = job.Source.Python2Layer,
        Limits = turns.Options.Turn,
    };

    /// <summary>The same for every try of a turn, another for every turn.</summary>
    public static ulong Seed(PlaybookRunRow row, long turn)
    {
        var seed = ((ulong)row.Id * 0x9E3779B97F4A7C15) ^ ((ulong)row.CreatedAt.UtcTicks * 0xC2B2AE3D27D4EB4F) ^ ((ulong)turn * 0x165667B19E3779F9);
        return seed ^ (seed >> 29);
    }

    private async Task<TurnJob> Call(RunState state, string function, Action<Utf8JsonWriter, string> arguments)
    {
        var source = await sources.Of(state.Row);
        var container = await Container(state.Row);
        return new TurnJob(function) { Source = source, Arguments = List(json => arguments(json, container)) };
    }

    private async Task<TurnJob> ActionEnded(RunState state, long actionRunId)
    {
        var ended = await turns.Actions.Read(new ActionRunId(actionRunId))
            ?? throw new InvalidOperationException($"Action run {actionRunId} of run {state.Row.Id} is gone.");
        var run = ended.Run;
        var data = new TurnData(turns.Store, turns.Apps, turns.Actions, state, turns.Options.BaseUrl);
        var results = await data.Load(ended);
        state.Results[run.Name] = results;
        var job = new TurnJob(run.Callback ?? "") { EndsPending = true, Completes = ("actions", run.Name), Keywords = Keywords(null, run.LoopState) };
        return run.Callback is null ? job : await Callback(state, job, run.Status == "success", results, run.Handle, json =>
        {
            json.WriteString("action_name", run.Action);
            json.WriteString("action", run.Action);
            json.WriteString("name", run.Name);
            json.WriteNumber("action_run_id", run.Id);
        });
    }

    private async Task<TurnJob> Function(JsonObject payload)
    {
        var call = new FunctionCall(payload);
        var (source, fault) = await sources.CustomFunction(call.Function);
        if (source is null)
        {
            call.Add(false, fault!, null);
            while (!call.Done)
            {
                call.Add(false, fault!, null);
            }

            return new TurnJob(call.Function) { Call = call };
        }

        return new TurnJob(source.Function)
        {
            Source = call.Parameters is null ? null : source,
            Keywords = call.Parameters is { } parameters ? JsonSerializer.SerializeToUtf8Bytes(parameters) : "{}"u8.ToArray(),
            IsCustomFunction = true,
            Call = call,
        };
    }

    private async Task<TurnJob> FunctionEnded(RunState state, JsonObject payload)
    {
        var call = new FunctionCall(payload);
        var (source, _) = await sources.CustomFunction(call.Function);
        var results = call.Results(source?.OutputsList ?? false);
        state.FunctionResults[call.Name] = results;
        var callback = (string?)payload["callback"];
        var job = new TurnJob(callback ?? "") { EndsPending = true, Completes = ("functions", call.Name), Keywords = Keywords(results, (string?)payload["loop_state"]) };
        return callback is null ? job : await Callback(state, job, results[0].GetProperty("status").ValueEquals("success"), results, null, json =>
        {
            json.WriteString("action_name", call.Function);
            json.WriteString("name", call.Name);
        });
    }

    private async Task<TurnJob> ChildEnded(RunState state, MessageRow message, long childId)
    {
        var child = await turns.Store.Find<PlaybookRunRow>(childId)
            ?? throw new InvalidOperationException($"Run {childId}, a child of run {state.Row.Id}, is gone.");
        var call = ChildCall.Of(child);
        var job = new TurnJob(call.Callback ?? "")
        {
            EndsPending = call.Waited,
            Completes = await IsLastOf(state, call.Name, message) ? ("playbooks", call.Name) : null,
            Keywords = Keywords(null, call.LoopState),
        };
        return call.Callback is null ? job : await Callback(state, job, child.Status == "success", call.Results(child), call.Handle, json =>
        {
            json.WriteString("action_name", child.PlaybookName);
            json.WriteString("name", call.Name);
            json.WriteNumber("playbook_run_id", child.Id);
        });
    }

    private async Task<TurnJob> ChildRefused(RunState state, JsonObject payload)
    {
        var (name, said) = ((string)payload["name"]!, (string)payload["message"]!);
        var call = JsonSerializer.Deserialize<JsonElement>((string)payload["asked"]!);
        var results = JsonSerializer.SerializeToElement(new[] { new { name, status = "failed", message = said, outputs = Array.Empty<object>() } });
        var job = new TurnJob(call.Text("callback")!) { EndsPending = true, Completes = ("playbooks", name), Keywords = Keywords(null, call.Text("loop_state")) };
        return await Callback(state, job, false, results, call.Text("handle"), json => json.WriteString("name", name));
    }

    /// <summary>A name that several children have counts as completed with the last of them.</summary>
    private async Task<bool> IsLastOf(RunState state, string name, MessageRow message)
    {
        var open = await turns.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), state.Row.Id) & Where.Is(nameof(PlaybookRunRow.EndedAt), null)));
        if (open.Any(child => ChildCall.Of(child).Name == name))
        {
            return false;
        }

        var waiting = await turns.Store.Select<MessageRow>(Query.For(Where.Is(nameof(MessageRow.RunId), state.Row.Id) & Where.Is(nameof(MessageRow.TakenBy), 0L) & Where.Is(nameof(MessageRow.Kind), "child")));
        return !waiting.Any(other => other.Id != message.Id && JsonSerializer.Deserialize<JsonElement>(other.Payload).Text("name") == name);
    }

    /// <summary>The arguments every callback has, by position: action, success, container, results, handle.</summary>
    private async Task<TurnJob> Callback(RunState state, TurnJob job, bool success, JsonElement results, string? handle, Action<Utf8JsonWriter> action)
    {
        var container = await Container(state.Row);
        return job with
        {
            Source = await sources.Of(state.Row),
            Arguments = List(json =>
            {
                json.WriteStartObject();
                action(json);
                json.WriteEndObject();
                json.WriteBooleanValue(success);
                json.WriteRawValue(container);
                results.WriteTo(json);
                json.WriteRawValue(handle ?? "null");
            }),
        };
    }

    private async Task<string> Container(PlaybookRunRow row)
    {
        var container = await turns.Store.Find<ContainerRow>(row.ContainerId)
            ?? throw new InvalidOperationException($"Event {row.ContainerId} of run {row.Id} is gone.");
        return PlaybookJson.Container(container, turns.Options.BaseUrl, row.Id).GetRawText();
    }

    private byte[] Handed(Turn turn)
    {
        var run = turn.Run;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("container_id", run.Row.ContainerId);
            json.WriteNumber("run_id", run.Row.Id);
            if (run.Row.ParentRunId is { } parent)
            {
                json.WriteNumber("parent_run_id", parent);
                json.WritePropertyName("parent_handle");
                json.WriteRawValue(ChildCall.Of(run.Row).Handle ?? "null");
            }

            json.WriteString("scope", run.Row.Scope);
            json.WriteStartObject("run_data");
            foreach (var (key, value) in run.Data)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteStartObject("formats");
            foreach (var (name, value) in run.Formats)
            {
                json.WriteString(name, value.Text);
            }

            json.WriteEndObject();
            json.WriteStartObject("format_lists");
            foreach (var (name, value) in run.Formats)
            {
                json.WriteStartArray(name);
                foreach (var item in value.List)
                {
                    json.WriteStringValue(item);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteStartObject("completed");
            foreach (var (kind, names) in run.Completed)
            {
                json.WriteStartArray(kind);
                foreach (var name in names)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteStartObject("playbook");
            json.WriteNumber("id", run.Row.PlaybookId);
            json.WriteString("name", run.Row.PlaybookName);
            json.WriteString("repo", run.Row.Repository);
            json.WriteEndObject();
            json.WriteNumber("user_id", run.Row.UserId);
            json.WriteString("base_url", turns.Options.BaseUrl);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Keywords(JsonElement? customFunction, string? loopState) => customFunction is null && loopState is null
        ? "{}"u8.ToArray()
        : JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["custom_function"] = customFunction is { } results ? JsonNode.Parse(results.GetRawText()) : null,
            ["loop_state_json"] = loopState,
        });

    private static byte[] List(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
