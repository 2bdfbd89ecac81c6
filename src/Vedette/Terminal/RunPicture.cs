namespace Vedette.Terminal;

enum BlockState { Running, Done, Failed }

/// <summary>A block as it is drawn.</summary>
sealed record DrawnBlock(string Name, string What, BlockState State, double Milliseconds, string Sentence);

/// <summary>What has been told so far. Holds text as it came; whoever draws it makes it safe.</summary>
sealed class RunPicture
{
    private readonly List<DrawnBlock> _blocks = [];
    private readonly List<string> _findings = [];

    internal string Alert { get; private set; } = "";
    internal string EventLink { get; private set; } = "";
    internal string Playbook { get; private set; } = "";
    internal string TicketNumber { get; private set; } = "";
    internal string TicketLink { get; private set; } = "";
    internal string Status { get; private set; } = "";
    internal IReadOnlyList<DrawnBlock> Blocks => _blocks;
    internal IReadOnlyList<string> Findings => _findings;

    internal void Take(RunEvent told)
    {
        switch (told)
        {
            case RunEvent.AlertSent alert:
                (Alert, EventLink) = (alert.Name, alert.Link);
                break;
            case RunEvent.RunStarted run:
                Playbook = run.Playbook;
                break;
            case RunEvent.BlockStarted block:
                _blocks.Add(new DrawnBlock(block.Name, block.What, BlockState.Running, 0, ""));
                break;
            case RunEvent.BlockEnded ended:
                End(ended);
                break;
            case RunEvent.Finding finding:
                _findings.Add(finding.Sentence);
                break;
            case RunEvent.TicketOpened ticket:
                (TicketNumber, TicketLink) = (ticket.Number, ticket.Link);
                break;
            case RunEvent.RunEnded run:
                Status = run.Status;
                break;
        }
    }

    private void End(RunEvent.BlockEnded ended)
    {
        var state = ended.Ok ? BlockState.Done : BlockState.Failed;
        var at = _blocks.FindLastIndex(block => block.Name == ended.Name && block.State == BlockState.Running);
        if (at < 0)
        {
            _blocks.Add(new DrawnBlock(ended.Name, "", state, ended.Milliseconds, ended.Sentence));
        }
        else
        {
            _blocks[at] = _blocks[at] with { State = state, Milliseconds = ended.Milliseconds, Sentence = ended.Sentence };
        }
    }
}
