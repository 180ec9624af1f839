using System.IO.Pipes;

namespace Samepage.Cli.Bench;

/// <summary>A pipe of the system each way, whose other ends the other side inherits.</summary>
internal sealed class AnonymousPipeRoute : MessageRoute
{
    public const string Kind = "anonymous-pipe";

    private readonly PipeStream _output, _input;

    private AnonymousPipeRoute(PipeStream output, PipeStream input, string handles)
        : base("anonymous pipe", $"{Kind}:{handles}") => (_output, _input) = (output, input);

    public static AnonymousPipeRoute Create()
    {
        var output = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var input = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        return new AnonymousPipeRoute(output, input, $"{output.GetClientHandleAsString()},{input.GetClientHandleAsString()}");
    }

    public static AnonymousPipeRoute Join(string handles)
    {
        string[] parts = handles.Split(',');
        return new AnonymousPipeRoute(new AnonymousPipeClientStream(PipeDirection.Out, parts[1]), new AnonymousPipeClientStream(PipeDirection.In, parts[0]), handles);
    }

    /// <summary>Only the other side has its ends from now on: when it dies, these come to their end.</summary>
    public override void Meet(CancellationToken ended)
    {
        ((AnonymousPipeServerStream)_output).DisposeLocalCopyOfClientHandle();
        ((AnonymousPipeServerStream)_input).DisposeLocalCopyOfClientHandle();
    }

    public override void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
    }

    protected override void Send(ReadOnlySpan<byte> message) => _output.Write(message);

    protected override void Receive(Span<byte> room) => _input.ReadExactly(room);
}
