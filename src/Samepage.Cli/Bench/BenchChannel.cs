namespace Samepage.Cli.Bench;

/// <summary>The channels in which a message can go there and back. A cell is none: it has values, of which some are never read.</summary>
internal enum BenchChannel
{
    Topic,
    Queue,
    Pipe,
    Service,
}
