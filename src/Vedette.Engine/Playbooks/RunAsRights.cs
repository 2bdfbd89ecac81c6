using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks;

/// <summary>Whoever writes or activates a playbook needs the rights of the user that it runs as: else its text would do what its author may not.</summary>
internal sealed class RunAsRights(IAccess access)
{
    public async ValueTask<Refusal?> Lacking(Caller caller, PlaybookRow? playbook)
    {
        var user = playbook?.RunAsId ?? Caller.AutomationUserId;
        if (!(await access.ForRun(new UserId(user), default, caller.CausedBy)).Ok(out var runsAs, out _))
        {
            // Nobody to run as: a run would be refused as well.
            return null;
        }

        var lacking = runsAs.May & ~caller.May;
        return lacking == Permissions.None
            ? null
            : new Refusal(RefusalKind.Forbidden, "raises_rights", $"User \"{caller.Username}\" does not have permission for this: the playbook runs as \"{runsAs.Username}\", who may more ({lacking}).");
    }
}
