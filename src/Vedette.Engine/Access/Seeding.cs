using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>What an empty store gets at the first start.</summary>
internal sealed class Seeding(IStore store, Snapshot<Known> known, Passwords passwords, Tokens tokens, TimeProvider time)
{
    private const long Admin = 1;
    private const long Automation = 2;
    private const int ShortestToken = 32;

    public async ValueTask<Outcome<FirstStart>> Seed(Unit unit, string? adminPassword, string? automationToken, CancellationToken ct)
    {
        if (await store.Count<UserRow>(Where.All, ct).ConfigureAwait(false) > 0)
        {
            return new FirstStart(false, null);
        }

        if (adminPassword is not null && Users.Weak(adminPassword, "admin") is { } weak)
        {
            return weak;
        }

        if (automationToken is { Length: < ShortestToken })
        {
            return No.Invalid("weak_token", $"The first automation token needs at least {ShortestToken} signs.");
        }

        var madeUp = adminPassword is null ? Randoms.Password() : null;
        if (await passwords.Hash(adminPassword ?? madeUp!, ct).ConfigureAwait(false) is not { } hash)
        {
            return No.Busy;
        }

        var now = time.GetUtcNow();
        Roles(unit, now);
        People(unit, now, hash, madeUp is not null, automationToken is not null);
        PickLists(unit);
        unit.Audit(Caller.Platform, now, "seeded", "installation", null);
        if (automationToken is not null)
        {
            await tokens.Insert(unit, Caller.Platform, Automation, new TokenDraft { Name = "first start" }, automationToken, ct).ConfigureAwait(false);
        }

        unit.Afterward(known.Forget);
        return new FirstStart(true, madeUp);
    }

    private void Roles(Unit unit, DateTimeOffset now)
    {
        foreach (var (name, description, may) in BuiltInRoles.All)
        {
            unit.Insert(new RoleRow
            {
                Id = store.NextId<RoleRow>(),
                CreatedAt = now,
                UpdatedAt = now,
                Name = name,
                Description = description,
                Immutable = true,
                Permissions = Texts.Write(Known.NamesOf(may)),
            });
        }
    }

    private void People(Unit unit, DateTimeOffset now, string passwordHash, bool mustChange, bool tokenGiven)
    {
        PassBy<UserRow>(Automation);
        unit.Insert(new UserRow
        {
            Id = Admin,
            CreatedAt = now,
            UpdatedAt = now,
            Username = "admin",
            Type = UserTypes.Normal,
            PasswordHash = passwordHash,
            MustChangePassword = mustChange,
            Roles = Texts.Write([BuiltInRoles.Administrator]),
        });
        unit.Insert(new UserRow
        {
            Id = Automation,
            CreatedAt = now,
            UpdatedAt = now,
            Username = "automation",
            Type = UserTypes.Automation,
            AllowedIps = Texts.Write(tokenGiven ? [AllowedAddresses.Any] : AllowedAddresses.Loopback),
            DefaultLabel = "events",
            Roles = Texts.Write([BuiltInRoles.Automation]),
        });
    }

    private void PickLists(Unit unit)
    {
        (string Name, string Color)[] severities = [("high", "#dc4e41"), ("medium", "#f8be34"), ("low", "#53a051")];
        PassBy<SeverityRow>(severities.Length);
        foreach (var (position, (name, color)) in severities.Index())
        {
            unit.Insert(new SeverityRow { Id = position + 1, Name = name, Color = color, Position = position, IsDefault = name == "medium" });
        }

        (string Name, string Type)[] statuses = [("new", "new"), ("open", "open"), ("closed", "resolved")];
        PassBy<StatusRow>(statuses.Length);
        foreach (var (position, (name, type)) in statuses.Index())
        {
            unit.Insert(new StatusRow { Id = position + 1, Name = name, StatusType = type, Position = position, IsDefault = name == "new" });
        }

        unit.Insert(new LabelRow
        {
            Id = store.NextId<LabelRow>(),
            Name = "events",
            GroupFields = Texts.Write(["sourceHostName|sourceAddress", "destinationDnsDomain|destinationHostName|destinationAddress"]),
            GroupWindowMinutes = 240,
        });
    }

    // Clients know these rows by number, so they are set; the numbers are drawn all the same, so that nobody draws them later.
    private void PassBy<T>(long last)
        where T : IRow
    {
        while (store.NextId<T>() < last)
        {
        }
    }
}
