using System.Buffers;
using System.IO.Pipelines;
using Samepage.Channels;
using PipeOptions = Samepage.Channels.PipeOptions;

namespace Samepage.Guide;

public sealed class PipePage : Page
{
    [Fact]
    public async Task A_shell()
    {
        Task serving = ServeAsync(Token);
        await ClientAsync(Token);
        await serving;
        Assert.Equal(["heard: hello", "said: hello to you"], Shown);
    }

    private async Task ServeAsync(CancellationToken token)
    {
        await Task.Yield();
        #region pipe-listen
        using PipeListener listener = PipeListener.Create("shell");
        using PipeConnection client = await listener.AcceptAsync(token);     // any number, one after the other
        await using Stream stream = client.AsStream();
        using var reader = new StreamReader(stream);
        string request = await reader.ReadToEndAsync(token);       // to the end of what the client writes
        await stream.WriteAsync(AnswerTo(request), token);
        #endregion
    }

    private async Task ClientAsync(CancellationToken token)
    {
        #region pipe-connect
        using PipeConnection server = await PipeConnection.ConnectAsync("shell", TimeSpan.FromSeconds(5), cancellationToken: token);
        await using Stream stream = server.AsStream();
        await stream.WriteAsync("hello"u8.ToArray(), token);
        server.CompleteWriting();                                  // the other side reads the end, and may still write
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync(token);
        #endregion
        Show($"said: {answer}");
    }

    [Fact]
    public async Task A_duplex_pipe()
    {
        CancellationToken token = Token;
        using PipeConnection server = PipeConnection.CreatePair(out string handle);
        using PipeConnection client = PipeConnection.OpenHandle(handle);
        client.Output.Write("hello"u8);
        client.Output.Complete();
        #region pipe-duplex
        ReadResult read = await server.Input.ReadAsync(token);
        server.Output.Write(read.Buffer.FirstSpan);
        await server.Output.FlushAsync(token);
        server.Input.AdvanceTo(read.Buffer.End);
        #endregion
        read = await client.Input.ReadAtLeastAsync(5, token);
        Show(read.Buffer.FirstSpan);
        Assert.Equal(["hello"], Shown);
    }

    [Fact]
    public async Task Messages()
    {
        CancellationToken token = Token;
        Task serving = Task.Run(() => MessageServer(token), token);
        #region pipe-messages-write
        using PipeConnection server = PipeConnection.Connect("jobs", token);
        if (server.TryLoan(100, out PipeLoan loan))                // false: no room now
        {
            int length = Compose(loan.Span);                       // straight into shared memory
            loan.Write(length);
        }
        server.Write("the last"u8, token);                         // waits for room
        server.CompleteWriting();
        #endregion
        await serving;
        Assert.Equal(["composed", "the last"], Shown);
    }

    private async Task MessageServer(CancellationToken token)
    {
        #region pipe-messages-read
        using PipeListener listener = PipeListener.Create("jobs", new PipeOptions { Mode = PipeMode.Messages });
        using PipeConnection client = listener.Accept(token);
        await foreach (PipeMessage message in client.ReadAllAsync(token))
            Show(message.Span);                                    // in place; leased until the next
        #endregion
    }

    [Fact]
    public void A_child()
    {
        #region pipe-pair
        using PipeConnection parent = PipeConnection.CreatePair(out string childHandle, new PipeOptions { Mode = PipeMode.Messages });
        StartChild(childHandle);                                   // on its command line; the child: PipeConnection.OpenHandle(args[0])
        parent.Write("what to do"u8);                              // waits there until the child comes
        #endregion
        Assert.Equal(["what to do"], Shown.Concat(ReadBy(_child!)));
        _child!.Dispose();
    }

    [Fact]
    public async Task How_it_ended()
    {
        CancellationToken token = Token;
        using PipeConnection here = PipeConnection.CreatePair(out string handle);
        PipeConnection.OpenHandle(handle).Dispose();
        await using Stream stream = here.AsStream();
        byte[] buffer = new byte[100];
        #region pipe-ends
        try
        {
            while (await stream.ReadAsync(buffer, token) is var length and > 0)
                Show(buffer.AsSpan(0, length));
            Show("the other side has closed");
        }
        catch (IOException e) when (e is SharedObjectException { Reason: FailureReason.PeerDied })
        {
            Show("the other side died; all that it had written was read");
        }
        #endregion
        Assert.Equal(["the other side has closed"], Shown);
    }

    private PipeConnection? _child;

    private void StartChild(string handle) => _child = PipeConnection.OpenHandle(handle);

    private static List<string> ReadBy(PipeConnection child) => [System.Text.Encoding.UTF8.GetString(child.Read().Span)];

    private byte[] AnswerTo(string request)
    {
        Show($"heard: {request}");
        return [.. "hello to you"u8];
    }

    private static int Compose(Span<byte> room)
    {
        "composed"u8.CopyTo(room);
        return 8;
    }
}
