using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>Somebody answers for somebody else, always with an end.</summary>
internal sealed class Delegations(IStore store, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public async Task<Outcome<DelegationId>> Give(Unit unit, Caller caller, string to, DateTimeOffset until, string reason)
    {
        if (InPerson(caller) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        if (until <= now || until > now + Longest)
        {
            return new Refusal(RefusalKind.Invalid, "bad_end", $"until has to lie ahead, and no more than {Longest.TotalDays:0} days.");
        }

        var known = await store.Select<UserRow>(Query.For(Where.Is("TenantId", caller.TenantId) & Where.Is(nameof(UserRow.Username), to.Trim().ToLowerInvariant())));
        if (known is not [{ Type: "normal", IsActive: true } user] || user.Id == caller.UserId)
        {
            return new Refusal(RefusalKind.Invalid, "unknown_person", $"There is nobody else who is called \"{Faults.Short(to)}\" and can sign in.");
        }

        var id = store.NextId<DelegationRow>();
        unit.Insert(new DelegationRow { Id = id, TenantId = caller.TenantId, CreatedAt = now, UpdatedAt = now, FromUserId = caller.UserId, ToUserId = user.Id, EndsAt = until, Reason = Faults.Short(reason) });
        unit.Audit(caller, now, "created", "delegation", id, content: new JsonObject { ["to"] = user.Username, ["until"] = until.ToString("O", System.Globalization.CultureInfo.InvariantCulture), ["reason"] = Faults.Short(reason) });
        return new DelegationId(id);
    }

    public async Task<Outcome<Done>> End(Unit unit, Caller caller, DelegationId id)
    {
        if (InPerson(caller) is { } refusal)
        {
            return refusal;
        }

        if (await store.Find<DelegationRow>(id.Value) is not { } row || row.TenantId != caller.TenantId)
        {
            return OwnRows.NotFound("delegation");
        }

        if (row.FromUserId != caller.UserId && caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        var now = time.GetUtcNow();
        unit.Update<DelegationRow>(row.Id, row.Version, (nameof(row.EndsAt), now));
        unit.Audit(caller, now, "ended", "delegation", row.Id);
        return default(Done);
    }

    private static Refusal? InPerson(Caller caller) => caller.LacksInPerson(Permissions.ViewEvents) ?? (caller.Run is not null
        ? new Refusal(RefusalKind.Forbidden, "person_needed", "Who answers for whom is said by a person, never by a run.")
        : null);
}
