using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Takes messages from a queue and prints them.</summary>
internal sealed class ReceiveVerb : Verb
{
    private readonly QueueChoice _queue = new();
    private readonly Option<string?> _ack = new("--ack")
    {
        Description = "When a message is done with: after it was printed (then one that was not is delivered again to somebody), or before (then it is lost). Default: after.",
        HelpName = "after|before",
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (text is "after" or "before")
                return text;
            a.AddError($"{Shown.Name(text)} is no time to acknowledge. Choose from after, before.");
            return null;
        },
    };
    private readonly Option<int?> _count = new("--count") { Description = "End after so many messages.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "End when no message has come for this long; before --count messages with exit code 3.", ["-t"]);
    private readonly MessageFormat _format = new();

    public ReceiveVerb(Session session)
        : base(session, "receive", "Receive the messages of a queue and print them, a line each, until Ctrl+C. Nobody else gets them.",
            "samepage receive jobs --count 1",
            "samepage receive jobs | while read -r job; do $job; done",
            "samepage receive jobs --timeout 0 --json")
    {
        _queue.AddNameTo(this);
        Add(_ack);
        Add(_count);
        Add(_timeout);
        _format.AddTo(this);
        _queue.AddOptionsTo(this);
    }

    protected override int Run(ParseResult line)
    {
        int? left = line.GetValue(_count);
        TimeSpan longest = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        bool after = line.GetValue(_ack) is not "before";
        using Queue queue = _queue.Open(line);
        using QueueReceiver receiver = queue.CreateReceiver();
        using MessageLines lines = _format.Lines(line, Session.Terminal);
        while (after ? receiver.TryLease(longest, out QueueMessage message, Session.Ended) : receiver.TryReceive(longest, out message, Session.Ended))
        {
            // What has not been acknowledged when it is disposed is returned.
            using (message)
            {
                lines.Write(message.Span, kind: 0, message.Deliveries);
                lines.Flush();
                if (after)
                    message.Acknowledge();
            }
            if (--left == 0)
                return ExitCodes.Success;
            Session.Ended.ThrowIfCancellationRequested();
        }
        return left is null ? ExitCodes.Success : ExitCodes.TimedOut;
    }
}
