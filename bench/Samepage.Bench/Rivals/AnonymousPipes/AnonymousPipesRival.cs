using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Samepage.Bench.Harness;
using Samepage.Bench.Rivals.Bytes;
using Samepage.Bench.Rivals.Fans;

namespace Samepage.Bench.Rivals.AnonymousPipes;

/// <summary>A pipe to each reader, made by the harness, which leaves both ends to its children.</summary>
internal sealed partial class AnonymousPipesRival : OwnRival, IFanRival
{
    /// <summary>What a pipe of Linux has anyway, and what it can have at most. Room for some messages saves turns.</summary>
    private const int LeastRoom = 64 << 10, MostRoom = 1 << 20, Messages = 4;

    private const char Separator = ',';

    public override string Name => "anonymous pipes";

    public override string? Missing => OperatingSystem.IsWindows() ? "a parent cannot leave both ends to children here" : null;

    public override bool Can(Job job) => job.Blocks;

    public override PeerPair Start(Job job, string name)
    {
        using AnonymousPipeServerStream there = Make(job), back = Make(job);
        using SafePipeHandle thereOut = Inheritable(there), thereIn = there.ClientSafePipeHandle;
        using SafePipeHandle backOut = Inheritable(back), backIn = back.ClientSafePipeHandle;
        return PeerPair.Start((core, side) => StartSide(job, core, side == "first" ? Text(thereOut, backIn) : Text(backOut, thereIn), side));
    }

    public override PeerFan StartFan(Job job, string name)
    {
        AnonymousPipeServerStream[] pipes = [.. Enumerable.Range(0, job.Kind == JobKind.FanOut ? job.Many : 1).Select(_ => Make(job))];
        SafePipeHandle[] outputs = [.. pipes.Select(Inheritable)], inputs = [.. pipes.Select(p => p.ClientSafePipeHandle)];
        try
        {
            return PeerFan.Start(job.Many, job.Sends, (core, member) =>
                StartSide(job, core, job.Sends(member) ? Text(outputs) : Text(inputs[Math.Max(member - 1, 0)]), $"{member}"));
        }
        finally
        {
            foreach (IDisposable end in pipes.Concat<IDisposable>(outputs).Concat(inputs))
                end.Dispose();
        }
    }

    public override void Serve(Job job, string name, bool first)
    {
        string[] handles = name.Split(Separator);
        using var output = new AnonymousPipeClientStream(PipeDirection.Out, handles[0]);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, handles[1]);
        var end = new ByteEnd<StreamPort>(new StreamPort(output, input), job.SentAtOnce);
        RivalLoop.Serve(job, first, () => end);
    }

    /// <summary>Of several that write to one pipe none is torn apart: a message is shorter than PIPE_BUF (pipe(7)).</summary>
    public void ServeFan(Job job, string name, int member)
    {
        if (job.Sends(member))
        {
            StreamPort[] outputs = [.. name.Split(Separator).Select(handle => new StreamPort(new AnonymousPipeClientStream(PipeDirection.Out, handle), Stream.Null))];
            FanSide<ByteEnd<EachPort<StreamPort>>>.Serve(job, member, () => new(new(outputs), job.SentAtOnce));
        }
        else
        {
            using var input = new AnonymousPipeClientStream(PipeDirection.In, name);
            FanSide<ByteEnd<StreamPort>>.Serve(job, member, () => new(new(Stream.Null, input), job.SentAtOnce));
        }
    }

    private static AnonymousPipeServerStream Make(Job job) =>
        new(PipeDirection.Out, HandleInheritability.Inheritable, (int)Math.Clamp((long)Messages * job.Size, LeastRoom, MostRoom));

    /// <summary>.NET means the server's end to stay in the process that made it; a duplicate of its descriptor is inherited.</summary>
    private static SafePipeHandle Inheritable(AnonymousPipeServerStream server) => new(Duplicate((int)server.SafePipeHandle.DangerousGetHandle()), ownsHandle: true);

    private static string Text(params SafePipeHandle[] ends) => string.Join(Separator, ends.Select(e => e.DangerousGetHandle()));

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);
}
