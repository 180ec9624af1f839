using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Sends messages to a queue.</summary>
internal sealed class SendVerb : Verb
{
    private readonly QueueChoice _queue = new();
    private readonly MessageSource _source = new();
    private readonly Option<int?> _priority = new("--priority") { Description = "From 0 up, as many as the queue has; the highest is received first. Default: 0.", HelpName = "NUMBER", CustomParser = Count.AtLeast(0) };
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "How long to wait for room at most, for each message. Default: for ever.", ["-t"]);

    public SendVerb(Session session)
        : base(session, "send", "Send messages to a queue. Each goes to one of those who receive.",
            "samepage send jobs 'resize a.png' 'resize b.png'",
            "find . -name '*.png' | samepage send jobs",
            "samepage send jobs --file order.json --priority 1 --timeout 5s")
    {
        _queue.AddNameTo(this);
        _source.AddTo(this);
        Add(_priority);
        Add(_timeout);
        _queue.AddOptionsTo(this);
    }

    protected override int Run(ParseResult line)
    {
        using Queue queue = _queue.Open(line);
        using QueueSender sender = queue.CreateSender();
        int priority = line.GetValue(_priority) ?? 0;
        TimeSpan timeout = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        bool waits = queue.FullMode == QueueFullMode.Wait;
        try
        {
            (long, long) sent = _source.Each(line, Session, sender.LongestMessage, message =>
                sender.Send(message.Span, priority, timeout, Session.Ended) || (waits ? throw new TimeoutException() : false));
            MessageSource.Tell(Session, "sent", sent, sender.Dropped, queue.Name);
            return ExitCodes.Success;
        }
        catch (TimeoutException)
        {
            Session.Terminal.Remark(Shown.Invariant($"queue {Shown.Name(queue.Name)} had no room within {timeout.TotalSeconds:0.###} s."));
            return ExitCodes.TimedOut;
        }
    }
}
