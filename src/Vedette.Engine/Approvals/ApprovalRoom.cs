using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

internal sealed class ApprovalRoom(IStore store, IActions actions, Addressees addressees, Delegations delegations, PromptEnds ends, TimeLimits limits, TimeProvider time) : IApprovals
{
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
        var (user, role) = await addressees.One(caller.TenantId, request.To);
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

    public async Task<Outcome<Asked>> Act(Unit unit, Caller caller, ActionRequest request, IReadOnlyList<string> reviewers)
    {
        var asked = await actions.Ask(unit, caller, reviewers.Count > 0 ? request with { Held = true } : request);
        if (!asked.Ok(out var made, out _) || made.Held.Count == 0)
        {
            return asked;
        }

        if (request.Container is not { } container)
        {
            return new Refusal(RefusalKind.Invalid, "no_event", $"People are asked before \"{request.Action}\" is done, and what they are asked hangs on an event: name it by container_id.");
        }

        var now = time.GetUtcNow();
        var requirements = new JsonArray();
        foreach (var one in reviewers.Count > 0 ? made.Requirements.Prepend(new Requirement("the playbook", reviewers, 1)) : made.Requirements)
        {
            requirements.Add(new JsonObject { ["rule"] = one.Rule, ["persons"] = one.Persons, ["who"] = Addressees.Json(await addressees.All(caller.TenantId, one.Who)) });
        }

        var all = requirements.SelectMany(one => one!["who"]!.AsArray()).DistinctBy(one => one!.ToJsonString()).ToList();
        var assets = string.Join(", ", made.Held.Select(target => target.Asset).Distinct());
        var run = request.Run?.Run ?? new PlaybookRunId(0);
        var prompt = Pending(caller, now, made.Id, container, run, PromptRow.OfAnAction, request.Name.Length > 0 ? request.Name : request.Action, (long?)all[0]!["user"], (long?)all[0]!["role"]) with
        {
            Reviewers = new JsonArray([.. all.Select(one => one!.DeepClone())]).ToJsonString(),
            Requirements = requirements.ToJsonString(),
            Message = $"May \"{made.Held[0].Action}\" be done on {assets}, as shown?",
            Targets = new JsonArray([.. made.Held.Select(target => new JsonObject
            {
                ["action"] = target.Action,
                ["asset"] = target.Asset,
                ["app"] = target.App,
                ["parameters"] = JsonNode.Parse(target.Parameters.GetRawText()),
                ["reach"] = target.Reach.ToString().ToLowerInvariant(),
            })]).ToJsonString(),
            DueAt = now + (made.Within ?? ReviewWithin),
            EscalateAt = made.Escalation is { } escalation ? now + escalation.After : null,
            EscalateTo = made.Escalation is { } more ? Addressees.Json(await addressees.All(caller.TenantId, more.To)).ToJsonString() : "[]",
        };
        Put(unit, caller, prompt, new JsonObject { ["name"] = Faults.Short(prompt.Name), ["action_run"] = prompt.ActionRunId, ["requirements"] = requirements.DeepClone() });
        return made;
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

        var starters = await Starters(prompt);
        var stands = await addressees.StandsFor(user, starters);
        if (!await IsAddressed(prompt, stands))
        {
            return new Refusal(RefusalKind.Forbidden, "not_addressed", "This prompt is addressed to somebody else.");
        }

        if (prompt.Status != "pending")
        {
            return await Closed(prompt);
        }

        if (prompt.PlaybookRunId != 0 && await store.Find<PlaybookRunRow>(prompt.PlaybookRunId) is not { Status: "running" })
        {
            return new Refusal(RefusalKind.Conflict, "run_ended", "The run that asked has ended; there is nobody to answer to.");
        }

        if (answer.Given is not { } given)
        {
            return new Refusal(RefusalKind.Invalid, "bad_status", "status has to be approve or deny.");
        }

        if (given && prompt.Kind == PromptRow.OfAnAction && starters.Contains(user.Id))
        {
            return new Refusal(RefusalKind.Forbidden, "own_action", $"\"{user.Username}\" has asked for it, or the run acts as that: nobody approves an action of their own. Somebody else who is asked has to, or decline it.");
        }

        using var questions = JsonDocument.Parse(prompt.Questions);
        if (given && Questions.Fault(questions.RootElement, answer.Responses) is { } fault)
        {
            return fault;
        }

        var now = time.GetUtcNow();
        var message = answer.Message.Length > 0 ? answer.Message : given ? $"Answered by {caller.Username}." : $"Denied by {caller.Username}.";
        if (given && prompt.Kind == PromptRow.OfAnAction)
        {
            var count = await Votes.Count(addressees, prompt, user, stands, message, now);
            if (!count.Ok(out var votes, out var twice))
            {
                return twice;
            }

            unit.Update<PromptRow>(prompt.Id, prompt.Version, (nameof(prompt.Approvals), votes.Approvals));
            if (votes.Left is { } left)
            {
                unit.Audit(caller, now, "approved_in_part", "approval", prompt.Id, prompt.ContainerId, new JsonObject { ["name"] = Faults.Short(prompt.Name), ["left"] = left });
                return new Answered(null, left);
            }

            if ((await actions.Release(unit, caller, new ActionRunId(prompt.ActionRunId))).Refusal is { } changed)
            {
                await ends.Write(unit, prompt, "cancelled", changed.Message, [], caller, now);
                return new Answered(changed.Message);
            }
        }

        await ends.Write(unit, prompt, given ? "approved" : "denied", message, given ? answer.Responses : [], caller, now);
        return new Answered(null);
    }

    public Task<Outcome<DelegationId>> Delegate(Unit unit, Caller caller, string to, DateTimeOffset until, string reason) => delegations.Give(unit, caller, to, until, reason);

    public Task<Outcome<Done>> EndDelegation(Unit unit, Caller caller, DelegationId id) => delegations.End(unit, caller, id);

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

    /// <summary>What whoever comes too late is told.</summary>
    private async Task<Refusal> Closed(PromptRow prompt)
    {
        var by = prompt.AnsweredBy is { } id && await store.Find<UserRow>(id) is { } user ? $" by {user.Username}" : "";
        var sentence = prompt.Status is "approved" or "denied"
            ? $"Somebody was faster: this was {prompt.Status} already{by}; the first answer counts."
            : $"This is {prompt.Status} already, and nobody need answer any more.";
        return new Refusal(RefusalKind.Conflict, "prompt_closed", sentence);
    }

    /// <summary>Who asked for it: whom the run acts as, who started it, who asked by hand.</summary>
    private async Task<IReadOnlySet<long>> Starters(PromptRow prompt)
    {
        var starters = new HashSet<long>();
        if (prompt.Kind != PromptRow.OfAnAction)
        {
            return starters;
        }

        var action = await store.Find<ActionRunRow>(prompt.ActionRunId);
        if (action?.UserId is { } by)
        {
            starters.Add(by);
        }

        for (var id = action?.AskingRunId ?? 0; id != 0 && await store.Find<PlaybookRunRow>(id) is { } run; id = run.ParentRunId ?? 0)
        {
            starters.Add(run.UserId);
            if (run.OwnerId is { } owner)
            {
                starters.Add(owner);
            }
        }

        return starters;
    }

    private async Task<bool> IsAddressed(PromptRow prompt, IReadOnlyList<UserRow> stands)
    {
        var who = JsonNode.Parse(prompt.Reviewers)!.AsArray();
        if (prompt.UserId is { } user)
        {
            who.Add(new JsonObject { ["user"] = user });
        }

        if (prompt.RoleId is { } role)
        {
            who.Add(new JsonObject { ["role"] = role });
        }

        return await addressees.Has(who, stands);
    }
}
