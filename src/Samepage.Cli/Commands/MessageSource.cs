using System.CommandLine;
using System.Text;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>What a verb writes into a channel: its arguments, a file, or the lines of standard input.</summary>
internal sealed class MessageSource
{
    private readonly Argument<string[]> _texts = new("TEXT")
    {
        Description = "Messages, one each. Without any, or with - alone, the lines of standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string?> _file = new("--file") { Description = "A file whose bytes are one message; - for standard input as a whole.", HelpName = "PATH" };
    private readonly Option<int?> _count = new("--count") { Description = "Write it all so many times.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<TimeSpan?> _every = Common.Time("--every", "Time between messages. Default: none.");

    public void AddTo(Command command)
    {
        command.Add(_texts);
        command.Add(_file);
        command.Add(_count);
        command.Add(_every);
        command.Validators.Add(line =>
        {
            bool lines = IsInput([.. line.GetResult(_texts)?.Tokens.Select(t => t.Value) ?? []]);
            if (line.GetResult(_file) is not null && !lines)
                line.AddError("--file is a message of its own: leave the texts out.");
            else if (line.GetResult(_count) is not null && (line.GetResult(_file) is null ? lines : line.GetValue(_file) == "-"))
                line.AddError("--count cannot read standard input again: give the texts, or a --file.");
        });
    }

    /// <summary>Hands on one message after the other.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="session">Where progress is shown.</param>
    /// <param name="longest">What the channel takes, in bytes.</param>
    /// <param name="write">Writes a message. False: it was dropped.</param>
    /// <returns>How many were written, and their bytes.</returns>
    public (long Messages, long Bytes) Each(ParseResult line, Session session, int longest, Func<ReadOnlyMemory<byte>, bool> write)
    {
        TimeSpan pause = line.GetValue(_every) ?? TimeSpan.Zero;
        using var progress = new Progress(session.Terminal, null, wanted: Console.IsInputRedirected);
        long written = 0;
        bool first = true;
        for (int time = 0; time < (line.GetValue(_count) ?? 1); time++)
        {
            foreach (ReadOnlyMemory<byte> message in Messages(line, longest, session.Ended))
            {
                if (!first && pause > TimeSpan.Zero)
                    _ = session.Ended.WaitHandle.WaitOne(pause);
                first = false;
                session.Ended.ThrowIfCancellationRequested();
                if (!write(message))
                    continue;
                written++;
                progress.Advance(message.Length);
            }
        }
        return (written, progress.Done);
    }

    /// <summary>What was done, in a sentence.</summary>
    public static void Tell(Session session, string done, (long Messages, long Bytes) written, long dropped, string name)
    {
        if (dropped > 0)
            session.Terminal.Remark(Shown.Invariant($"{dropped:N0} messages were dropped: there was no room for them in {Shown.Name(name)}."));
        session.Terminal.Say(Shown.Invariant($"{done} {written.Messages:N0} {(written.Messages == 1 ? "message" : "messages")} ({Shown.Bytes(written.Bytes)}) to {Shown.Name(name)}"));
    }

    private IEnumerable<ReadOnlyMemory<byte>> Messages(ParseResult line, int longest, CancellationToken ended)
    {
        string[] texts = line.GetValue(_texts) ?? [];
        if (line.GetValue(_file) is { } path)
            return [MessageInput.Whole(path, longest, ended)];
        return IsInput(texts) ? MessageInput.Lines(longest, ended) : texts.Select(text => MessageInput.Fitting(Encoding.UTF8.GetBytes(text), longest));
    }

    private static bool IsInput(string[] texts) => texts is [] or ["-"];
}
