namespace Vedette.Engine.Hall;

/// <summary>What a role may do. Stored by name.</summary>
[Flags]
public enum Permissions
{
    None = 0,
    ViewEvents = 1 << 0,
    CreateEvents = 1 << 1,
    EditEvents = 1 << 2,
    DeleteEvents = 1 << 3,
    RunPlaybooks = 1 << 4,
    RunActions = 1 << 5,
    ViewPlaybooks = 1 << 6,
    EditPlaybooks = 1 << 7,
    ViewAssets = 1 << 8,
    EditAssets = 1 << 9,
    ViewLists = 1 << 10,
    EditLists = 1 << 11,
    ViewUsers = 1 << 12,
    EditUsers = 1 << 13,
    ViewAudit = 1 << 14,
    EditSettings = 1 << 15,
    StopSwitch = 1 << 16,
    ViewPickLists = 1 << 17,

    /// <summary>All there is.</summary>
    All = (1 << 18) - 1,

    /// <summary>What no run ever has, whoever it acts for: it may not decide about itself.</summary>
    NeverForRuns = EditUsers | EditAssets | EditPlaybooks | EditSettings | StopSwitch | ViewAudit,
}
