using System.Text.Json;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>What a playbook says without waiting for an answer.</summary>
internal static class PlaybookTells
{
    public static void Take(Turn turn, string name, JsonElement arguments)
    {
        switch (name)
        {
            case "save_run_data":
                var (key, value) = (arguments.Text("key") ?? "", arguments.Text("value") ?? "");
                turn.Run.Data[key] = value;
                turn.Values[(RunValueKinds.Data, key)] = value;
                break;
            case "clear_run_data":
                foreach (var gone in arguments.Text("key") is { } one ? [one] : turn.Run.Data.Keys.ToList())
                {
                    turn.Run.Data.Remove(gone);
                    turn.Values[(RunValueKinds.Data, gone)] = null;
                }

                break;
            case "save_playbook_output_data":
                turn.Outputs.Add(arguments.Get("output")?.GetRawText() ?? "{}");
                break;
            case "set_parent_handle":
                turn.Run.Row = turn.Run.Row with { Asked = (ChildCall.Of(turn.Run.Row) with { Handle = arguments.Get("handle")?.GetRawText() }).ToJson() };
                break;
            case "discontinue":
                turn.Run.Row = turn.Run.Row with { Discontinued = true };
                break;
            case "set_action_limit":
                turn.Run.Row = turn.Run.Row with { ActionLimit = Math.Clamp(arguments.Number("limit") ?? 0, 0, 10_000) };
                break;
            default:
                throw new TurnCallException("NotAvailable", $"phantom.{name} is not available in this version of Vedette");
        }
    }
}
