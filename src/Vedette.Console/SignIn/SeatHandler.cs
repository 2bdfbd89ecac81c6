using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Vedette.Console.SignIn;

/// <summary>Ties a circuit to its seat: taken with the circuit, left with it, and nothing comes in once it is over.</summary>
internal sealed class SeatHandler(Seat seat, Seats seats) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        seat.CircuitId = circuit.Id[..8];
        return seats.Take(seat);
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        seats.Leave(seat);
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context => seat.IsOver ? Task.CompletedTask : next(context);
}
