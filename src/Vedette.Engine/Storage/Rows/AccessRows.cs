using Vedette.Model;

namespace Vedette.Engine.Storage;

/// <summary>Somebody or something that may act.</summary>
public sealed record UserRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique, lower case.</summary>
    public required string Username { get; init; }

    /// <summary><c>normal</c> or <c>automation</c>.</summary>
    public required string Type { get; init; }
    public string Email { get; init; } = "";
    public string FirstName { get; init; } = "";
    public string LastName { get; init; } = "";
    public string Title { get; init; } = "";
    public string TimeZone { get; init; } = "UTC";
    public bool IsActive { get; init; } = true;
    public string? PasswordHash { get; init; }
    public bool MustChangePassword { get; init; }

    /// <summary>For automation: addresses and ranges, or <c>any</c>; empty is nobody.</summary>
    [Json] public string AllowedIps { get; init; } = "[]";
    public string? DefaultLabel { get; init; }

    /// <summary>Names of roles.</summary>
    [Json] public string Roles { get; init; } = "[]";
}

/// <summary>A role and what it may do.</summary>
public sealed record RoleRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public bool Immutable { get; init; }
    [Json] public string Permissions { get; init; } = "[]";
}

/// <summary>A token of a user, stored hashed.</summary>
public sealed record TokenRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long UserId { get; init; }

    /// <summary>SHA-256 of the token, hex, unique.</summary>
    public required string Hash { get; init; }

    /// <summary><c>automation</c> or <c>intake</c>.</summary>
    public required string Kind { get; init; }
    public string Name { get; init; } = "";

    /// <summary>For intake: the labels it may create events under.</summary>
    [Json] public string Labels { get; init; } = "[]";
    [Json] public string AllowedIps { get; init; } = "[]";
    public DateTimeOffset? EndsAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public bool Revoked { get; init; }

    /// <summary>The token itself, sealed: only where an administrator has switched on that tokens can be shown again.</summary>
    public string? Sealed { get; init; }
}

/// <summary>The second factor of a person.</summary>
public sealed record SecondFactorRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique.</summary>
    public required long UserId { get; init; }

    /// <summary>The key of its codes, sealed for this user.</summary>
    public required string Sealed { get; init; }

    /// <summary>False until a first code has shown that the device has the key.</summary>
    public bool Confirmed { get; init; }

    /// <summary>The newest half minute whose code was used.</summary>
    public long LastStep { get; init; }
}

/// <summary>A signed-in browser.</summary>
public sealed record SessionRow : IRow
{
    public required long Id { get; init; }
    public required long UserId { get; init; }

    /// <summary>SHA-256 of the cookie's value, hex, unique.</summary>
    public required string Hash { get; init; }
    public required string CsrfHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public bool Ended { get; init; }
}

/// <summary>Somebody answers what runs ask somebody else, until a time.</summary>
public sealed record DelegationRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long FromUserId { get; init; }
    public required long ToUserId { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>A custom list: a table of text cells.</summary>
public sealed record CustomListRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique with the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>A list of rows, each a list of text or null.</summary>
    [Json] public string Content { get; init; } = "[]";
    public long? LatestEditorId { get; init; }
}

public sealed record SeverityRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required string Name { get; init; }
    public required string Color { get; init; }

    /// <summary>0 is the highest.</summary>
    public required long Position { get; init; }
    public bool IsDefault { get; init; }
    public bool Disabled { get; init; }

    /// <summary>Minutes until due, null for none.</summary>
    public long? SlaMinutes { get; init; }
}

public sealed record StatusRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required string Name { get; init; }

    /// <summary><c>new</c>, <c>open</c> or <c>resolved</c>.</summary>
    public required string StatusType { get; init; }
    public required long Position { get; init; }
    public bool IsDefault { get; init; }
    public bool Disabled { get; init; }
}

/// <summary>A label and its rules.</summary>
public sealed record LabelRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required string Name { get; init; }
    public long Version { get; init; } = 1;

    /// <summary>CEF fields of the group key, alternatives by <c>|</c>; empty: alerts are never grouped.</summary>
    [Json] public string GroupFields { get; init; } = "[]";
    public long GroupWindowMinutes { get; init; } = 240;
}

/// <summary>A setting of the installation; the stop switch is one.</summary>
public sealed record SettingRow : IRow
{
    public required long Id { get; init; }

    /// <summary>Unique.</summary>
    public required string Name { get; init; }
    public long Version { get; init; } = 1;
    [Json] public required string Value { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A fact of the record: who did what to what. The store sets number and hashes in the commit.</summary>
public sealed record AuditRow : IRow
{
    public long Id { get; init; }

    /// <summary>Gapless within its chain.</summary>
    public long Number { get; init; }
    public string Chain { get; init; } = "main";
    public required DateTimeOffset At { get; init; }
    public long TenantId { get; init; }
    public long? UserId { get; init; }

    /// <summary>The person it was done for, when somebody else did it.</summary>
    public long? OnBehalfOfId { get; init; }
    public required Channel Channel { get; init; }

    /// <summary>The request or turn that caused it.</summary>
    public string CausedBy { get; init; } = "";
    public string Address { get; init; } = "";

    /// <summary>A verb in the past tense, e.g. <c>created</c>.</summary>
    public required string Act { get; init; }

    /// <summary>What kind of thing, e.g. <c>container</c>.</summary>
    public required string Object { get; init; }
    public long? ObjectId { get; init; }
    public long? ContainerId { get; init; }

    /// <summary>What changed, without secrets.</summary>
    [Json] public string Content { get; init; } = "{}";

    /// <summary>SHA-256 of <see cref="Content"/>, hex: retention may take the content and the chain still holds.</summary>
    public string ContentHash { get; init; } = "";
    public string PreviousHash { get; init; } = "";

    /// <summary>SHA-256 over the canonical form of all fields but id and content, hex.</summary>
    public string Hash { get; init; } = "";
}
