using Vedette.Engine.Storage;

namespace Vedette.Console.Events;

/// <summary>A row of the queue.</summary>
/// <param name="StatusType"><c>new</c>, <c>open</c> or <c>resolved</c>.</param>
public sealed record QueueLine(ContainerRow Row, UserRow? Owner, string StatusType, Automation Automation);
