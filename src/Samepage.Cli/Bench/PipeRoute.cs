using Samepage.Channels;

namespace Samepage.Cli.Bench;

/// <summary>A connection of the library, which carries messages.</summary>
internal sealed class PipeRoute : MessageRoute
{
    public const string Kind = "pipe";

    private readonly PipeConnection _connection;
    private readonly CancellationToken _ended;

    private PipeRoute(PipeConnection connection, string handle, CancellationToken ended)
        : base("Samepage pipe", $"{Kind}:{handle}") => (_connection, _ended) = (connection, ended);

    public static PipeRoute Create(BenchJob job, CancellationToken ended)
    {
        var options = new PipeOptions { Mode = PipeMode.Messages, Strategy = job.Strategy };
        return new PipeRoute(PipeConnection.CreatePair(out string handle, options with { Capacity = job.Capacity(options.Capacity) }), handle, ended);
    }

    public static PipeRoute Join(string handle, BenchJob job, CancellationToken ended) => new(PipeConnection.OpenHandle(handle, job.Strategy), handle, ended);

    public override void Dispose() => _connection.Dispose();

    protected override void Send(ReadOnlySpan<byte> message) => _connection.Write(message, _ended);

    protected override void Receive(Span<byte> room) => Take(_connection.Read(_ended).Span, room);
}
