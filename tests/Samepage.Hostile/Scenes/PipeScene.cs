using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class PipeScene : IScene
{
    private readonly string _name;
    private readonly PipeListener _listener;
    private readonly PipeConnection? _client;
    private readonly PipeConnection? _server;

    public PipeScene(string name, PipeMode mode)
    {
        _name = name;
        _listener = PipeListener.Create(name, new PipeOptions { Capacity = 65536, Mode = mode, Strategy = WaitStrategy.Block });
        (_client, _server) = Connect();
        Actors = [End(_client, mode, Inspect), End(_server, mode, Further)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private (PipeConnection? Client, PipeConnection? Server) Connect()
    {
        Task<PipeConnection> connecting = PipeConnection.ConnectAsync(_name, TimeSpan.FromSeconds(2), WaitStrategy.Block).AsTask();
        _ = _listener.TryAccept(TimeSpan.FromSeconds(2), out PipeConnection? server);
        try
        {
            return (connecting.GetAwaiter().GetResult(), server);
        }
        catch
        {
            server?.Dispose();
            throw;
        }
    }

    private Operation Inspect => new("pipe: inspect", _ => ChannelInspector.Find(_name));

    private Operation Further => new("pipe: connect further", r =>
    {
        using var enough = new CancellationTokenSource();
        Task<PipeConnection> connecting = PipeConnection.ConnectAsync(_name, TimeSpan.FromMilliseconds(20), WaitStrategy.Block, enough.Token).AsTask();
        PipeConnection? server = null;
        try
        {
            if (_listener.TryAccept(Short(r), out server))
                _ = server.TryWrite(new byte[8]);
        }
        finally
        {
            try
            {
                connecting.GetAwaiter().GetResult().Dispose();
            }
            finally
            {
                server?.Dispose();
            }
        }
    });

    private static Actor End(PipeConnection? end, PipeMode mode, Operation other)
    {
        if (end is null)
            return new(other);
        if (mode == PipeMode.Messages)
        {
            return new(
                new("pipe: write", r => end.TryWrite(Message(r, end.LongestMessage))),
                new("pipe: write", r => end.TryWrite(Message(r, 100))),
                new("pipe: loan", r =>
                {
                    if (!end.TryLoan(r.Next(2000), out PipeLoan loan))
                        return;
                    using (loan)
                    {
                        loan.Span.Fill(3);
                        if (r.Next(2) == 0)
                            loan.Write();
                    }
                }),
                new("pipe: wait to write", r => end.WaitToWrite(Short(r))),
                new("pipe: wait to write asynchronously", r => end.WaitToWriteAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
                new("pipe: read", r => ReadSome(end, r.Next(50))),
                new("pipe: wait to read", r => end.WaitToRead(Short(r))),
                new("pipe: wait to read asynchronously", r => end.WaitToReadAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
                new("pipe: state", r => _ = end.IsConnected | end.IsCompleted),
                other);
        }
        return new(
            new("pipe: write bytes", r =>
            {
                using var soon = new CancellationTokenSource(2);
                end.AsStream(leaveOpen: true).WriteAsync(Message(r, 5000), soon.Token).AsTask().GetAwaiter().GetResult();
            }),
            new("pipe: read bytes", r =>
            {
                using var soon = new CancellationTokenSource(2);
                _ = end.AsStream(leaveOpen: true).ReadAsync(new byte[r.Next(1, 5000)], soon.Token).AsTask().GetAwaiter().GetResult();
            }),
            new("pipe: input", _ =>
            {
                if (!end.Input.TryRead(out System.IO.Pipelines.ReadResult result))
                    return;
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                    Touch(part.Span);
                end.Input.AdvanceTo(result.Buffer.End);
            }),
            new("pipe: output", r =>
            {
                end.Output.GetSpan(r.Next(1, 100))[0] = 1;
                end.Output.Advance(1);
                using var soon = new CancellationTokenSource(2);
                _ = end.Output.FlushAsync(soon.Token).AsTask().GetAwaiter().GetResult();
            }),
            new("pipe: state", r => _ = end.IsConnected | end.IsCompleted),
            other);
    }

    private static void ReadSome(PipeConnection end, int count)
    {
        for (int i = 0; i < count && end.TryRead(out PipeMessage message); i++)
        {
            using (message)
                Touch(message.Span);
        }
    }

    public void Dispose() => Holdings.Release(_client, _server, _listener);
}
