using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Prints the messages of a topic as they come.</summary>
internal sealed class SubVerb : Verb
{
    private readonly TopicChoice _topic = new();
    private readonly Option<long?> _history = new("--history")
    {
        Description = "Begin with so many of each publisher's messages that are still there. Default: 0, only new ones.",
        HelpName = "COUNT|all",
        CustomParser = a => HistoryOf(a),
    };
    private readonly Option<uint[]?> _kinds = new("--kind")
    {
        Description = "Only messages of this kind; may be given several times.",
        HelpName = "NUMBER",
        CustomParser = a => MessageKind.ParseAll(a),
    };
    private readonly Option<int?> _count = new("--count") { Description = "End after so many messages.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "End when no message has come for this long; before --count messages with exit code 3.", ["-t"]);
    private readonly MessageFormat _format = new();

    public SubVerb(Session session)
        : base(session, "sub", "Subscribe to a topic and print its messages, a line each, until Ctrl+C. Tells on the error output how many it missed.",
            "samepage sub news",
            "samepage sub log --create --full drop-oldest --history all | grep error",
            "samepage sub frames --kind 2 --count 1 --raw > frame.bmp",
            "samepage sub prices --json | jq .text")
    {
        _topic.AddNameTo(this);
        Add(_history);
        Add(_kinds);
        Add(_count);
        Add(_timeout);
        _format.AddTo(this);
        _topic.AddOptionsTo(this);
    }

    protected override int Run(ParseResult line)
    {
        int? left = line.GetValue(_count);
        TimeSpan longest = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        using Topic topic = _topic.Open(line);
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { History = line.GetValue(_history) ?? 0, Kinds = line.GetResult(_kinds) is null ? null : line.GetValue(_kinds) });
        using MessageLines lines = _format.Lines(line, Session.Terminal);
        long missed = 0;
        while (true)
        {
            while (subscriber.TryRead(out TopicMessage message))
            {
                TellMissed(subscriber, ref missed);
                using (message)
                    lines.Write(message.Span, message.Kind);
                if (--left == 0)
                {
                    lines.Flush();
                    return ExitCodes.Success;
                }
                Session.Ended.ThrowIfCancellationRequested();
            }
            TellMissed(subscriber, ref missed);
            lines.Flush();
            if (!subscriber.WaitToRead(longest, Session.Ended))
                return left is null ? ExitCodes.Success : ExitCodes.TimedOut;
        }
    }

    private void TellMissed(TopicSubscriber subscriber, ref long told)
    {
        long now = subscriber.Missed;
        if (now == told)
            return;
        Session.Terminal.Remark(Shown.Invariant($"missed {now - told:N0} messages, which were overwritten before they were read."));
        told = now;
    }

    private static long? HistoryOf(ArgumentResult argument)
    {
        string text = argument.Tokens[^1].Value;
        if (text == "all")
            return SubscriptionOptions.All;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            return count;
        argument.AddError($"\"{text}\" is no count. Write a number, or all.");
        return null;
    }
}
