using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

internal sealed class ApprovalRoom(IStore store, IActions actions, PromptEnds ends, TimeLimits limits, TimeProvider time) : IApprovals
{
    private const string Administrators = "Administrator";

    /// <summary>The field's own, for prompts as for reviews.</summary>
    private static readonly TimeSpan ReviewWithin = TimeSpan.FromMinutes(30);

    public async Task<Outcome<ActionRunId>> Ask(Unit unit, Caller caller, PromptRequest request)
    {
        if (caller.Lacks(Permissions.RunActions) is { } lacks)
        {
            return lacks;
        }

        var faults = new Faults();
        var message = faults.Text("message", request.Message, Limits.NoteLength)!;
        if (request.Questions.ValueKind != JsonValueKind.Array || request.Questions.GetArrayLength() > Questions.Most || request.Questions.EnumerateArray().Any(question => question.ValueKind != JsonValueKind.Object))
        {
            faults.Add("bad_questions", $"The questions of \"{Faults.Short(request.Name)}\" have to be a list of at most {Questions.Most} objects.");
        }

        if (!faults.None)
        {
            return faults.Refusal;
        }

        var now = time.GetUtcNow();
        var (user, role) = await Addressed(caller.TenantId, request.To);
        var prompt = Pending(caller, now, request.Id, request.Container, request.Run, request.Kind, request.Name, user, role) with
        {
            Message = message,
            Questions = request.Questions.GetRawText(),
            DueAt = now + request.Within,
        };
        unit.Insert(new ActionRunRow
        {
            Id = request.Id.Value,
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = request.Container.Value,
            PlaybookId = request.Playbook.Value,
            PlaybookRunId = request.Run.Value,
            Action = request.Kind,
            Name = request.Name,
            Type = ActionRunRow.OfAPerson,
            Status = "pending",
            Callback = request.Callback,
            UserId = caller.UserId,
            Channel = caller.Channel,
            CausedBy = caller.CausedBy,
        });
        Put(unit, caller, prompt, new JsonObject { ["name"] = Faults.Short(prompt.Name), ["user"] = user, ["role"] = role });
        return request.Id;
    }

    public async Task<Outcome<Done>> Review(Unit unit, Caller caller, ReviewRequest request)
    {
        if (caller.Lacks(Permissions.RunActions) is { } lacks)
        {
            return lacks;
        }

        var now = time.GetUtcNow();
        var asked = await Reviewers(caller.TenantId, request.Reviewers);
        var assets = string.Join(", ", request.Targets.Select(target => target.Asset).Distinct());
        var prompt = Pending(caller, now, request.Id, request.Container, request.Run, PromptRow.OfAnAction, request.Name, asked[0].User, asked[0].Role) with
        {
            Reviewers = new JsonArray([.. asked.Select(one => one.User is { } user ? new JsonObject { ["user"] = user } : new JsonObject { ["role"] = one.Role })]).ToJsonString(),
            Message = $"May \"{request.Targets[0].Action}\" be done on {assets}, as shown?",
            Targets = new JsonArray([.. request.Targets.Select(target => new JsonObject
            {
                ["action"] = target.Action,
                ["asset"] = target.Asset,
                ["app"] = target.App,
                ["parameters"] = JsonNode.Parse(target.Parameters.GetRawText()),
            })]).ToJsonString(),
            DueAt = now + ReviewWithin,
        };
        Put(unit, caller, prompt, new JsonObject { ["name"] = Faults.Short(prompt.Name), ["action_run"] = prompt.ActionRunId });
        return default(Done);
    }

    public async Task<Outcome<Answered>> Answer(Unit unit, Caller caller, PromptId id, PromptAnswer answer)
    {
        if (caller.Lacks(Permissions.ViewEvents) is { } lacks)
        {
            return lacks;
        }

        var user = await store.Find<UserRow>(caller.UserId);
        if (caller.Run is not null || caller.ByToken || user is not { Type: "normal" })
        {
            return new Refusal(RefusalKind.Forbidden, "person_needed", "A prompt is answered by a person, signed in with name and password: no run, token or automation user does.");
        }

        if (await store.Find<PromptRow>(id.Value) is not { } prompt || prompt.TenantId != caller.TenantId)
        {
            return OwnRows.NotFound("approval");
        }

        if (!await IsAddressed(prompt, user))
        {
            return new Refusal(RefusalKind.Forbidden, "not_addressed", "This prompt is addressed to somebody else.");
        }

        if (prompt.Status != "pending")
        {
            return await Closed(prompt);
        }

        if (await store.Find<PlaybookRunRow>(prompt.PlaybookRunId) is not { Status: "running" } run)
        {
            return new Refusal(RefusalKind.Conflict, "run_ended", "The run that asked has ended; there is nobody to answer to.");
        }

        if (answer.Given is not { } given)
        {
            return new Refusal(RefusalKind.Invalid, "bad_status", "status has to be approve or deny.");
        }

        if (given && prompt.Kind == PromptRow.OfAnAction && run.UserId == user.Id)
        {
            return new Refusal(RefusalKind.Forbidden, "own_action", $"The run acts as \"{user.Username}\": nobody approves an action of their own. Somebody else who is asked has to, or decline it.");
        }

        using var questions = JsonDocument.Parse(prompt.Questions);
        if (given && Questions.Fault(questions.RootElement, answer.Responses) is { } fault)
        {
            return fault;
        }

        var message = answer.Message.Length > 0 ? answer.Message : given ? $"Answered by {caller.Username}." : $"Denied by {caller.Username}.";
        if (given && prompt.Kind == PromptRow.OfAnAction && (await actions.Release(unit, caller, new ActionRunId(prompt.ActionRunId))).Refusal is { } changed)
        {
            await ends.Write(unit, prompt, "cancelled", changed.Message, [], caller, time.GetUtcNow());
            return new Answered(changed.Message);
        }

        await ends.Write(unit, prompt, given ? "approved" : "denied", message, given ? answer.Responses : [], caller, time.GetUtcNow());
        return new Answered(null);
    }

    public async Task<Outcome<Done>> CallOff(Unit unit, Caller caller, ActionRunId id)
    {
        if (caller.Lacks(Permissions.RunActions) is { } lacks)
        {
            return lacks;
        }

        var open = await store.Select<PromptRow>(Query.For(Where.Is(nameof(PromptRow.Status), "pending") & Where.Is(nameof(PromptRow.ActionRunId), id.Value)));
        if (open.Count == 0)
        {
            return await actions.Cancel(unit, caller, id);
        }

        await ends.Write(unit, open[0], "cancelled", $"Cancelled by {caller.Username}.", [], caller, time.GetUtcNow());
        return default(Done);
    }

    public async Task Drop(Unit unit, PlaybookRunId run)
    {
        // What the run asked in the turn that ends it stands in this unit and nowhere else yet.
        var asked = unit.Inserted<PromptRow>().Where(prompt => prompt.PlaybookRunId == run.Value).ToList();
        foreach (var prompt in asked.Concat(await store.Select<PromptRow>(Query.For(Where.Is(nameof(PromptRow.PlaybookRunId), run.Value) & Where.Is(nameof(PromptRow.Status), "pending")))))
        {
            await ends.Write(unit, prompt, "cancelled", "The run that asked has ended.", [], Caller.Platform, time.GetUtcNow());
        }
    }

    public Task TakeUp() => limits.TakeUp();

    /// <summary>What waits for a person, before it says what is asked.</summary>
    private PromptRow Pending(Caller caller, DateTimeOffset now, ActionRunId id, ContainerId container, PlaybookRunId run, string kind, string name, long? user, long? role) => new()
    {
        Id = store.NextId<PromptRow>(),
        TenantId = caller.TenantId,
        CreatedAt = now,
        UpdatedAt = now,
        ContainerId = container.Value,
        ActionRunId = id.Value,
        PlaybookRunId = run.Value,
        Kind = kind,
        Name = name,
        UserId = user,
        RoleId = role,
        Status = "pending",
    };

    private void Put(Unit unit, Caller caller, PromptRow prompt, JsonObject audited)
    {
        unit.Insert(prompt);
        unit.Audit(caller, prompt.CreatedAt, "asked", "approval", prompt.Id, prompt.ContainerId, audited);
        unit.Afterward(() => limits.Watch(prompt));
    }

    /// <summary>All who are known; the administrators where nobody is.</summary>
    private async Task<IReadOnlyList<(long? User, long? Role)>> Reviewers(long tenant, IReadOnlyList<string> names)
    {
        var known = new List<(long? User, long? Role)>();
        foreach (var name in names)
        {
            if (await Known(tenant, name) is { } one && !known.Contains(one))
            {
                known.Add(one);
            }
        }

        return known.Count > 0 ? known : [await Addressed(tenant, null)];
    }

    /// <summary>A user by name or e-mail, else a role by name; who is not known here is stood in for by the administrators.</summary>
    private async Task<(long? User, long? Role)> Addressed(long tenant, string? to)
    {
        if (to is { Length: > 0 } && await Known(tenant, to.Trim()) is { } known)
        {
            return known;
        }

        var administrators = await store.Select<RoleRow>(Query.For(Where.Is("TenantId", tenant) & Where.Is(nameof(RoleRow.Name), Administrators)));
        return (null, administrators.Count == 0 ? null : administrators[0].Id);
    }

    private async Task<(long? User, long? Role)?> Known(long tenant, string name)
    {
        var mine = Where.Is("TenantId", tenant);
        var users = await store.Select<UserRow>(Query.For(mine & Where.Is(nameof(UserRow.Type), "normal")
            & (Where.Is(nameof(UserRow.Username), name.ToLowerInvariant()) | new Compare(nameof(UserRow.Email), Comparison.EqualIgnoreCase, name))));
        if (users.Count > 0)
        {
            return (users[0].Id, null);
        }

        var roles = await store.Select<RoleRow>(Query.For(mine & new Compare(nameof(RoleRow.Name), Comparison.EqualIgnoreCase, name)));
        return roles.Count > 0 ? (null, roles[0].Id) : null;
    }

    /// <summary>What whoever comes too late is told.</summary>
    private async Task<Refusal> Closed(PromptRow prompt)
    {
        var by = prompt.AnsweredBy is { } id && await store.Find<UserRow>(id) is { } user ? $" by {user.Username}" : "";
        var sentence = prompt.Status is "approved" or "denied"
            ? $"Somebody was faster: this was {prompt.Status} already{by}; the first answer counts."
            : $"This is {prompt.Status} already, and nobody need answer any more.";
        return new Refusal(RefusalKind.Conflict, "prompt_closed", sentence);
    }

    private async Task<bool> IsAddressed(PromptRow prompt, UserRow user)
    {
        if (prompt.UserId == user.Id)
        {
            return true;
        }

        using var reviewers = JsonDocument.Parse(prompt.Reviewers);
        var several = reviewers.RootElement.EnumerateArray().ToList();
        if (several.Any(one => one.TryGetProperty("user", out var id) && id.GetInt64() == user.Id))
        {
            return true;
        }

        var roles = JsonSerializer.Deserialize<string[]>(user.Roles)!;
        foreach (var role in several.Where(one => one.TryGetProperty("role", out _)).Select(one => one.GetProperty("role").GetInt64()).Append(prompt.RoleId ?? 0))
        {
            if (await store.Find<RoleRow>(role) is { } row && roles.Contains(row.Name))
            {
                return true;
            }
        }

        return false;
    }
}
