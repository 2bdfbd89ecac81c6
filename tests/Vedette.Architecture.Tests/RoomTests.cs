using System.Reflection;

namespace Vedette.Architecture.Tests;

/// <summary>
/// The rooms of the engine. A room is a namespace with a door, the interface <c>I&lt;Room&gt;</c>; what rooms share is in namespaces without one.
/// </summary>
public sealed class RoomTests
{
    private const string House = "Vedette.Engine.";

    private static readonly Type[] Types = Assembly.Load("Vedette.Engine").GetTypes();

    private static readonly HashSet<string> Rooms =
        [.. Types.Where(type => type is { IsInterface: true, IsPublic: true } && type.FullName == $"{House}{PartOf(type)}.I{PartOf(type)}").Select(type => PartOf(type)!)];

    private static readonly HashSet<Type> Doors = [.. Rooms.SelectMany(DoorOf)];

    /// <summary>User, its part of the house, what it uses of another part, and that part.</summary>
    private static readonly (Type User, string From, Type Used, string To)[] Uses =
    [
        .. from user in Types
           let part = PartOf(user)
           where part is not null
           from used in UsedTypes.Of(user)
           let other = PartOf(used)
           where other is not null && other != part
           select (user, part, used, other),
    ];

    [Fact]
    public void RoomsAreFound() => Assert.Superset(
        new HashSet<string> { "Intake", "Containers", "Automation", "Playbooks", "Actions", "Policies", "Apps", "Access", "Audit", "Notes", "Lists", "Approvals", "Vault", "Workbooks", "Cases", "Evidence", "Indicators", "Repositories" }, Rooms);

    [Fact]
    public void RoomIsEnteredByItsDoorOnly() => NobodyIsNamed(Uses
        .Where(use => Rooms.Contains(use.To) && !Doors.Contains(use.Used) && !Implements(use.User, use.Used))
        .Select(use => $"{use.User.FullName} uses {use.Used.FullName}, which is inside the room {use.To}"));

    [Fact]
    public void NoTwoRoomsKnowEachOtherBothWays()
    {
        var ways = Uses.Where(use => !Implements(use.User, use.Used)).ToLookup(use => (use.From, use.To));

        NobodyIsNamed(ways
            .Where(way => string.CompareOrdinal(way.Key.From, way.Key.To) < 0 && ways.Contains((way.Key.To, way.Key.From)))
            .Select(way => (There: way.First(), Back: ways[(way.Key.To, way.Key.From)].First()))
            .Select(both => $"{both.There.User.FullName} uses {both.There.Used.FullName}, and {both.Back.User.FullName} uses {both.Back.Used.FullName}"));
    }

    [Fact]
    public void WhatRoomsShareKnowsNoRoom() => NobodyIsNamed(Uses
        .Where(use => !Rooms.Contains(use.From) && Rooms.Contains(use.To))
        .Select(use => $"{use.User.FullName}, which all rooms share, uses {use.Used.FullName} of the room {use.To}"));

    /// <summary>Unlike an empty collection it names all, in full.</summary>
    private static void NobodyIsNamed(IEnumerable<string> offenders)
    {
        var named = offenders.Distinct().ToArray();
        Assert.True(named.Length == 0, string.Join('\n', named));
    }

    /// <summary>The interface, and the public types that its signatures reach within the room.</summary>
    private static HashSet<Type> DoorOf(string room)
    {
        var door = new HashSet<Type>();
        var left = new Stack<Type>([Types.Single(type => type.FullName == $"{House}{room}.I{room}")]);
        while (left.TryPop(out var type))
        {
            if (PartOf(type) == room && type.IsVisible && door.Add(type))
            {
                foreach (var reached in UsedTypes.InPublicSignatures(type))
                {
                    left.Push(reached);
                }
            }
        }

        return door;
    }

    /// <summary>What a room asks others to be, such as the one who is told, is named by who is it and by who registers it.</summary>
    private static bool Implements(Type user, Type used) => used.IsInterface
        && (used.IsAssignableFrom(user) || user.FullName!.StartsWith($"{House}{PartOf(user)}.{PartOf(user)}Registration", StringComparison.Ordinal));

    /// <summary>The room or shared part that a type is in; null outside and for what puts the house together.</summary>
    private static string? PartOf(Type type) =>
        type.Namespace is { } space && space.StartsWith(House, StringComparison.Ordinal) ? space[House.Length..].Split('.')[0] : null;
}
