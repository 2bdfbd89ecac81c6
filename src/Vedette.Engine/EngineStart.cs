using Vedette.Engine.Actions;
using Vedette.Engine.Approvals;
using Vedette.Engine.Automation;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Policies;
using Vedette.Engine.Repositories;
using Vedette.Engine.Retention;
using Vedette.Engine.Vault;

namespace Vedette.Engine;

/// <summary>Takes up what an earlier process left open: actions first, then the runs that wait for them, then what was not looked at.</summary>
public sealed class EngineStart
{
    private readonly Runner _runner;
    private readonly StopSwitch _stop;
    private readonly IPolicies _policies;
    private readonly IApprovals _approvals;
    private readonly IPlaybooks _playbooks;
    private readonly IAutomation _automation;
    private readonly IVault _vault;
    private readonly IRepositories _repositories;
    private readonly IRetention _retention;

    internal EngineStart(Runner runner, StopSwitch stop, IPolicies policies, IApprovals approvals, IPlaybooks playbooks, IAutomation automation, IVault vault, IRepositories repositories, IRetention retention) =>
        (_runner, _stop, _policies, _approvals, _playbooks, _automation, _vault, _repositories, _retention) = (runner, stop, policies, approvals, playbooks, automation, vault, repositories, retention);

    public async Task TakeUp()
    {
        await _stop.Row();
        await _policies.Current();
        await _runner.TakeUp();
        await _approvals.TakeUp();
        await _playbooks.TakeUp();
        await _automation.TakeUp();
        await _vault.Sweep(CancellationToken.None);
        _repositories.Follow();
        _retention.Begin();
    }
}
