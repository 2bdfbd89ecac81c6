using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Approvals;
using Vedette.Engine.Apps;
using Vedette.Engine.Cases;
using Vedette.Engine.Containers;
using Vedette.Engine.Indicators;
using Vedette.Engine.Lists;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks.Rest;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Engine.Workbooks;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>The doors a turn's calls go through: the same as everybody's.</summary>
internal sealed record TurnServices(
    IStore Store,
    IAccess Access,
    IApps Apps,
    IActions Actions,
    IApprovals Approvals,
    IContainers Containers,
    INotes Notes,
    ILists Lists,
    IVault Vault,
    IWorkbooks Workbooks,
    ICases Cases,
    IIndicators Indicators,
    Lazy<IOwnRest> Rest,
    RunStarts Starts,
    OutboxBell Bell,
    Refusals Refusals,
    EngineOptions Options,
    TimeProvider Time);
