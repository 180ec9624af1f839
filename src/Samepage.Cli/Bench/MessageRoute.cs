namespace Samepage.Cli.Bench;

/// <summary>A route made of two directions.</summary>
internal abstract class MessageRoute(string title, string address) : Route(title, address)
{
    public sealed override void Ask(ReadOnlySpan<byte> message, Span<byte> answer)
    {
        Send(message);
        Receive(answer);
    }

    public sealed override void Answer(Span<byte> message)
    {
        Receive(message);
        Send(message);
    }

    protected abstract void Send(ReadOnlySpan<byte> message);

    protected abstract void Receive(Span<byte> room);
}
