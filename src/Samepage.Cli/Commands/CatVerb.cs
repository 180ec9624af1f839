using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>An end of a pipe on standard input and output.</summary>
internal sealed class CatVerb : Verb
{
    private const int PartBytes = 64 << 10;

    private readonly Argument<string> _name = Common.Name("Name of the pipe.");
    private readonly Option<bool> _listen = new("--listen", "-l") { Description = "Wait for the other end to connect; otherwise connect to one that listens.", Arity = ArgumentArity.Zero };
    private readonly Option<bool> _noInput = Common.Switch("--no-input", "Send nothing: leave standard input alone.");
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "How long to wait for the other end at most. Default: for ever.", ["-t"]);
    private readonly Option<long?> _capacity = new("--capacity")
    {
        Description = "With --listen: how many bytes each way may be on the way. Default: 256K.",
        HelpName = "BYTES",
        CustomParser = a => ByteCount.Parse(a),
    };

    public CatVerb(Session session)
        : base(session, "cat",
            "Join standard input and output to a pipe. What comes in goes to the other end, and what comes from there goes out, byte for byte. " +
            "The end of standard input is the end for the other side to read; it ends when both directions have come to their end.",
            "tar c dir | samepage cat --listen copy",
            "samepage cat copy | tar x",
            "samepage cat --listen chat")
    {
        Add(_name);
        Add(_listen);
        Add(_noInput);
        Add(_timeout);
        Add(_capacity);
        Validators.Add(line =>
        {
            if (line.GetResult(_capacity) is not null && !line.GetValue(_listen))
                line.AddError("--capacity says how a pipe is made: it needs --listen.");
        });
    }

    protected override int Run(ParseResult line)
    {
        using PipeConnection? connection = Connect(line);
        if (connection is null)
        {
            Session.Terminal.Remark(Shown.Invariant($"nobody {(line.GetValue(_listen) ? "connected to" : "listened at")} {Shown.Name(line.GetRequiredValue(_name))} within {line.GetValue(_timeout)!.Value.TotalSeconds:0.###} s."));
            return ExitCodes.TimedOut;
        }
        if (connection.Mode != PipeMode.Bytes)
            throw new NotSupportedException($"{Shown.Name(line.GetRequiredValue(_name))} carries messages, and not a stream of bytes.");
        using Stream stream = connection.AsStream();
        using var progress = new Progress(Session.Terminal, null, wanted: Console.IsInputRedirected || Console.IsOutputRedirected);
        bool sends = !line.GetValue(_noInput);
        if (!sends)
            connection.CompleteWriting();
        Task sending = sends ? Task.Run(() => Send(connection, stream, progress), CancellationToken.None) : Task.CompletedTask;
        Receive(stream, progress);
        // What a person might still type is of no use to a side that has come to its end.
        if (Console.IsInputRedirected || sending.IsCompleted)
            sending.WaitAsync(Session.Ended).GetAwaiter().GetResult();
        return ExitCodes.Success;
    }

    /// <summary>Null: the time has run out.</summary>
    private PipeConnection? Connect(ParseResult line)
    {
        string name = line.GetRequiredValue(_name);
        TimeSpan timeout = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        if (!line.GetValue(_listen))
        {
            try
            {
                return PipeConnection.Connect(name, timeout, cancellationToken: Session.Ended);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
        var defaults = new PipeOptions();
        using var listener = PipeListener.Create(name, defaults with { Capacity = line.GetValue(_capacity) ?? defaults.Capacity });
        return listener.TryAccept(timeout, out PipeConnection? connection, Session.Ended) ? connection : null;
    }

    private void Send(PipeConnection connection, Stream stream, Progress progress)
    {
        using var input = new Input(null);
        byte[] buffer = new byte[PartBytes];
        for (int count; (count = input.Read(buffer, Session.Ended)) > 0;)
        {
            stream.WriteAsync(buffer.AsMemory(0, count), Session.Ended).AsTask().GetAwaiter().GetResult();
            Advance(progress, count);
        }
        connection.CompleteWriting();
    }

    private void Receive(Stream stream, Progress progress)
    {
        using Stream output = Terminal.OpenOutput();
        byte[] buffer = new byte[PartBytes];
        for (int count; (count = stream.ReadAsync(buffer, Session.Ended).AsTask().GetAwaiter().GetResult()) > 0;)
        {
            if (Session.Terminal.IsOutputTerminal)
                Terminal.RefuseUnprintable(buffer.AsSpan(0, count));
            output.Write(buffer, 0, count);
            output.Flush();
            Advance(progress, count);
        }
    }

    private static void Advance(Progress progress, int count)
    {
        lock (progress)
            progress.Advance(count);
    }
}
