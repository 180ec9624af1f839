using System.IO.Pipes;
using Samepage.Bench.Rivals.Bytes;

namespace Samepage.Bench.Rivals.NamedPipes;

/// <summary>One pipe for both ways, with synchronous calls.</summary>
internal sealed class NamedPipesRival : OwnRival
{
    private const string ThisMachine = ".";

    public override string Name => "named pipe";

    public override bool Can(Job job) => job is { Blocks: true, IsFan: false };

    public override void Serve(Job job, string name, bool first)
    {
        using PipeStream pipe = first
            ? new NamedPipeServerStream(name, PipeDirection.InOut, maxNumberOfServerInstances: 1, PipeTransmissionMode.Byte, PipeOptions.None)
            : new NamedPipeClientStream(ThisMachine, name, PipeDirection.InOut, PipeOptions.None);
        RivalLoop.Serve(job, first, () =>
        {
            if (pipe is NamedPipeServerStream server)
                server.WaitForConnection();
            else
                ((NamedPipeClientStream)pipe).Connect();
            return new ByteEnd<StreamPort>(new StreamPort(pipe, pipe), job.SentAtOnce);
        });
    }
}
