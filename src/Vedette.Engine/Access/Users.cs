using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>Makes and changes users. The row is read from the store, not from memory: the write builds on its version.</summary>
internal sealed class Users(IStore store, Snapshot<Known> known, Passwords passwords, Attempts attempts, Sessions sessions, TimeProvider time)
{
    public async ValueTask<Outcome<UserId>> Create(Unit unit, Caller caller, UserDraft draft, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        var all = await known.Read(ct).ConfigureAwait(false);
        var name = (draft.Username ?? "").Trim().ToLowerInvariant();
        var type = draft.Type ?? UserTypes.Normal;
        if (name.Length is 0 or > 128 || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl))
        {
            return No.Invalid("bad_username", "\"username\" needs 1 to 128 signs, without a colon.");
        }

        if (type is not (UserTypes.Normal or UserTypes.Automation))
        {
            return No.Invalid("bad_user_type", $"\"type\" is \"{type}\"; it may be \"normal\" or \"automation\".");
        }

        if (all.ByName.TryGetValue(name, out var there))
        {
            return new Refusal(RefusalKind.Duplicate, "username_taken", $"A user \"{name}\" already exists.", there.Row.Id);
        }

        draft = WithRoles(draft, []);
        if (draft.Password is not null && (type == UserTypes.Automation
            ? No.Invalid("automation_password", "An automation user has tokens, no password.")
            : Weak(draft.Password, name)) is { } weak)
        {
            return weak;
        }

        if (await Faults(caller, all, draft, ct).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        string? hash = null;
        if (draft.Password is not null && (hash = await passwords.Hash(draft.Password, ct).ConfigureAwait(false)) is null)
        {
            return No.Busy;
        }

        var now = time.GetUtcNow();
        var row = new UserRow
        {
            Id = store.NextId<UserRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            Username = name,
            Type = type,
            Email = draft.Email ?? "",
            FirstName = draft.FirstName ?? "",
            LastName = draft.LastName ?? "",
            Title = draft.Title ?? "",
            TimeZone = draft.TimeZone ?? "UTC",
            IsActive = draft.IsActive ?? true,
            PasswordHash = hash,
            AllowedIps = Texts.Write(draft.AllowedIps ?? []),
            DefaultLabel = draft.DefaultLabel,
            Roles = Texts.Write(draft.Roles ?? []),
        };
        unit.Insert(row);
        unit.Audit(caller, now, "created", "ph_user", row.Id, content: new JsonObject { ["username"] = name, ["type"] = type, ["roles"] = List(draft.Roles ?? []) });
        unit.Afterward(known.Forget);
        return new UserId(row.Id);
    }

    public async ValueTask<Outcome<Done>> Change(Unit unit, Caller caller, UserId id, UserDraft draft, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        var all = await known.Read(ct).ConfigureAwait(false);
        if (await store.Find<UserRow>(id.Value, ct).ConfigureAwait(false) is not { } row)
        {
            return No.User;
        }

        if (MayTouch(caller, all, row) is { } raises)
        {
            return raises;
        }

        draft = WithRoles(draft, Texts.Read(row.Roles));
        if (draft.Password is not null)
        {
            return No.Invalid("password_here", "A password is not changed together with other fields.");
        }

        if (await Faults(caller, all, draft, ct).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        var losesRights = draft.IsActive == false
            || (draft.Roles is not null && !Known.Sum(draft.Roles, all.Roles).HasFlag(Permissions.EditUsers));
        if (losesRights && IsLastAdministrator(all, row))
        {
            return No.Invalid("last_administrator", "This is the last active user who may change users: give that right to another one first.");
        }

        var columns = Columns(draft);
        if (columns.Count == 0)
        {
            return default(Done);
        }

        unit.Update<UserRow>(row.Id, row.Version, [.. columns]);
        if (draft.IsActive == false)
        {
            await sessions.EndAll(unit, row.Id, ct).ConfigureAwait(false);
        }

        var content = new JsonObject { ["fields"] = List(columns.Select(c => c.Column)) };
        if (draft.Roles is not null)
        {
            content["roles"] = List(draft.Roles);
        }

        if (draft.AllowedIps is not null)
        {
            content["allowed_ips"] = List(draft.AllowedIps);
        }

        unit.Audit(caller, time.GetUtcNow(), draft.IsActive == false ? "deactivated" : "changed", "ph_user", row.Id, content: content);
        unit.Afterward(known.Forget);
        return default(Done);
    }

    public async ValueTask<Outcome<Done>> ChangePassword(Unit unit, Caller caller, UserId id, string? oldPassword, string newPassword, CancellationToken ct)
    {
        var own = caller.UserId == id.Value && caller.Run is null && !caller.ByToken;
        if (!own && caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        var all = await known.Read(ct).ConfigureAwait(false);
        if (await store.Find<UserRow>(id.Value, ct).ConfigureAwait(false) is not { } row)
        {
            return No.User;
        }

        if (!own && MayTouch(caller, all, row) is { } raises)
        {
            return raises;
        }

        if (row.Type != UserTypes.Normal)
        {
            return No.Invalid("automation_password", "An automation user has tokens, no password.");
        }

        if (Weak(newPassword, row.Username) is { } weak)
        {
            return weak;
        }

        if (own && await WrongOld(caller, row, oldPassword, newPassword, ct).ConfigureAwait(false) is { } wrong)
        {
            return wrong;
        }

        if (await passwords.Hash(newPassword, ct).ConfigureAwait(false) is not { } hash)
        {
            return No.Busy;
        }

        unit.Update<UserRow>(row.Id, row.Version, (nameof(UserRow.PasswordHash), hash), (nameof(UserRow.MustChangePassword), !own));
        await sessions.EndAll(unit, row.Id, ct).ConfigureAwait(false);
        unit.Audit(caller, time.GetUtcNow(), "changed_password", "ph_user", row.Id);
        unit.Afterward(known.Forget);
        return default(Done);
    }

    /// <summary>Why this is no password, or null.</summary>
    public static Refusal? Weak(string password, string username) =>
        password.Length is < Passwords.Shortest or > Passwords.Longest
            ? No.Invalid("weak_password", $"A password has {Passwords.Shortest} to {Passwords.Longest} signs.")
            : string.Equals(password, username, StringComparison.OrdinalIgnoreCase) || password.Distinct().Count() < 4
                ? No.Invalid("weak_password", "This password is too easy to guess.")
                : null;

    /// <summary>Nobody changes somebody who may more, nor makes tokens in their name.</summary>
    public static Refusal? MayTouch(Caller caller, Known all, UserRow row)
    {
        var beyond = Known.Sum(Texts.Read(row.Roles), all.Roles) & ~caller.May;
        return beyond == Permissions.None ? null : No.Raises(caller, beyond);
    }

    private async ValueTask<Refusal?> WrongOld(Caller caller, UserRow row, string? oldPassword, string newPassword, CancellationToken ct)
    {
        // The same brake as at sign-in: an open browser is no way to try passwords faster.
        if (attempts.Begin(row.Username, caller.Address) is { } wait)
        {
            return No.Slow(wait);
        }

        if (oldPassword is not { Length: > 0 and <= Passwords.Longest } || row.PasswordHash is null)
        {
            return No.Password;
        }

        if (await passwords.Verify(row.PasswordHash, oldPassword, ct).ConfigureAwait(false) is not { } right)
        {
            return No.Busy;
        }

        if (!right)
        {
            return No.Password;
        }

        attempts.Succeeded(row.Username, caller.Address);
        return oldPassword == newPassword ? No.Invalid("same_password", "The new password is the old one.") : null;
    }

    private async ValueTask<Refusal?> Faults(Caller caller, Known all, UserDraft draft, CancellationToken ct)
    {
        if (draft.AllowedIps?.FirstOrDefault(entry => !AllowedAddresses.IsUsable(entry)) is { } bad)
        {
            return No.Invalid("bad_address", $"\"allowed_ips\": \"{bad}\" is neither an address, nor a range such as 10.1.0.0/16, nor \"any\".");
        }

        if (draft.Roles?.FirstOrDefault(role => !all.Roles.ContainsKey(role)) is { } unknown)
        {
            return No.Invalid("unknown_role", $"Role \"{unknown}\" is not a known role.");
        }

        if (draft.Roles is not null && (Known.Sum(draft.Roles, all.Roles) & ~caller.May) is var beyond and not Permissions.None)
        {
            return No.Raises(caller, beyond);
        }

        return draft.DefaultLabel is { Length: > 0 } label ? await UnknownLabel(store, [label], ct).ConfigureAwait(false) : null;
    }

    public static async ValueTask<Refusal?> UnknownLabel(IStore store, IEnumerable<string> labels, CancellationToken ct)
    {
        foreach (var label in labels)
        {
            if (await store.Count<LabelRow>(Where.Is(nameof(LabelRow.Name), label), ct).ConfigureAwait(false) == 0)
            {
                return No.Invalid("unknown_label", $"Label \"{label}\" is not a known label.");
            }
        }

        return null;
    }

    /// <summary>The roles as they will be, where some are to be given or taken.</summary>
    private static UserDraft WithRoles(UserDraft draft, IReadOnlyList<string> has) => draft.AddRoles is null && draft.RemoveRoles is null
        ? draft
        : draft with { Roles = [.. (draft.Roles ?? has).Except(draft.RemoveRoles ?? []).Union(draft.AddRoles ?? [])] };

    private static bool IsLastAdministrator(Known all, UserRow row) =>
        all.ById.TryGetValue(row.Id, out var self) && Administers(self) && !all.ById.Values.Any(u => u.Row.Id != row.Id && Administers(u));

    private static bool Administers(KnownUser user) => user.Row.IsActive && !user.IsAutomation && user.May.HasFlag(Permissions.EditUsers);

    private static List<(string Column, object? Value)> Columns(UserDraft draft)
    {
        List<(string Column, object? Value)> columns = [];
        void Add(string column, object? value)
        {
            if (value is not null)
            {
                columns.Add((column, value));
            }
        }

        Add(nameof(UserRow.Email), draft.Email);
        Add(nameof(UserRow.FirstName), draft.FirstName);
        Add(nameof(UserRow.LastName), draft.LastName);
        Add(nameof(UserRow.Title), draft.Title);
        Add(nameof(UserRow.TimeZone), draft.TimeZone);
        Add(nameof(UserRow.IsActive), draft.IsActive);
        Add(nameof(UserRow.AllowedIps), draft.AllowedIps is { } ips ? Texts.Write(ips) : null);
        Add(nameof(UserRow.DefaultLabel), draft.DefaultLabel);
        Add(nameof(UserRow.Roles), draft.Roles is { } roles ? Texts.Write(roles) : null);
        return columns;
    }

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)JsonValue.Create(text))];
}
