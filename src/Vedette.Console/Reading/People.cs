using Vedette.Engine.Storage;

namespace Vedette.Console.Reading;

/// <summary>Names for the numbers of users, and the words events are filed under; read once for a page.</summary>
internal sealed class People(Reader reader)
{
    private IReadOnlyDictionary<long, UserRow>? _users;
    private IReadOnlyList<SeverityRow>? _severities;
    private IReadOnlyList<StatusRow>? _statuses;

    public async ValueTask<IReadOnlyDictionary<long, UserRow>> Users() =>
        _users ??= (await reader.SelectIfAllowed<UserRow>(new Query { Order = [(nameof(UserRow.Username), false)], Limit = 2_000 })).ToDictionary(user => user.Id);

    /// <summary>The highest first.</summary>
    public async ValueTask<IReadOnlyList<SeverityRow>> Severities() =>
        _severities ??= await reader.SelectIfAllowed<SeverityRow>(new Query { Order = [(nameof(SeverityRow.Position), false)] });

    public async ValueTask<IReadOnlyList<StatusRow>> Statuses() =>
        _statuses ??= await reader.SelectIfAllowed<StatusRow>(new Query { Order = [(nameof(StatusRow.Position), false)] });

    public static string NameOf(UserRow user) => (user.FirstName + " " + user.LastName).Trim() is { Length: > 0 } name ? name : user.Username;
}
