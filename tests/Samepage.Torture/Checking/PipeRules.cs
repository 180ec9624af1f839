using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of conversations: all in order, none missing up to the end, and the right end is told.</summary>
internal static class PipeRules
{
    public static Rule RequestsInOrder { get; } = new("read in order, without a gap", history => CheckOrder(history, PipeCode.Write, PipeCode.Read), Conversation);

    public static Rule EchoesInOrder { get; } = new("heard in order, without a gap", history => CheckOrder(history, PipeCode.Echo, PipeCode.Hear), Conversation);

    public static Rule BytesRead { get; } = new("what is read was written", history => CheckBytes(history, PipeCode.Write, PipeCode.Read), Conversation);

    public static Rule BytesHeard { get; } = new("what is heard was echoed", history => CheckBytes(history, PipeCode.Echo, PipeCode.Hear), Conversation);

    public static Rule RequestsComplete { get; } = new("all is read before the end", history => CheckEnds(history, PipeCode.Write, PipeCode.Read, PipeCode.ReadEnd, PipeCode.Complete, PipeCode.Write), Conversation);

    public static Rule EchoesComplete { get; } = new("all is heard before the end", history => CheckEnds(history, PipeCode.Echo, PipeCode.Hear, PipeCode.HearEnd, PipeCode.Leave, PipeCode.Read), Conversation);

    private static long Conversation(Operation operation) => (PipeCode)operation.Code switch
    {
        PipeCode.Write or PipeCode.Echo => MessageId.StreamOf(operation.Argument),
        PipeCode.Hear => MessageId.StreamOf(operation.Result),
        _ => operation.Argument,
    };

    private static IEnumerable<Operation> Of(IEnumerable<Operation> operations, PipeCode code) => operations.Where(o => o.Code == (int)code);

    private static string? CheckOrder(History history, PipeCode writes, PipeCode reads)
    {
        Dictionary<long, Operation> written = Of(history.Operations, writes).ToDictionary(o => o.Argument);
        foreach (IGrouping<long, Operation> conversation in Of(history.Operations, reads).Where(o => !o.IsPending).GroupBy(Conversation))
        {
            uint expected = 0;
            int reader = conversation.First().Actor;
            foreach (Operation read in conversation)
            {
                if (read.Actor != reader)
                    return $"{read.Actor} and {reader} both read {MessageId.Text(read.Result)}";
                if (MessageId.NumberOf(read.Result) != expected++)
                    return $"{reader} read {MessageId.Text(read.Result)} where {expected - 1} should come";
                if (!written.TryGetValue(read.Result, out Operation write) || write.Begin > read.End)
                    return $"{reader} read {MessageId.Text(read.Result)}, which nobody had written";
            }
        }
        return null;
    }

    /// <summary>Which bytes they are the reader checks itself; here, that there were so many, and that they came to one.</summary>
    private static string? CheckBytes(History history, PipeCode writes, PipeCode reads)
    {
        ILookup<long, Operation> written = Of(history.Operations, writes).OrderBy(o => o.Begin).ToLookup(Conversation);
        foreach (IGrouping<long, Operation> conversation in Of(history.Operations, reads).Where(o => !o.IsPending).GroupBy(Conversation))
        {
            int reader = conversation.First().Actor;
            long last = -1;
            foreach (Operation read in conversation)
            {
                if (read.Actor != reader)
                    return $"{read.Actor} and {reader} both read {MessageId.Text(read.Result)}";
                if (MessageId.NumberOf(read.Result) <= last)
                    return $"{reader} read {MessageId.Text(read.Result)} after {last}";
                last = MessageId.NumberOf(read.Result);
                if (!written[conversation.Key].TakeWhile(w => w.Begin <= read.End).Any(w => MessageId.NumberOf(w.Argument) >= last))
                    return $"{reader} read up to {MessageId.Text(read.Result)}, which nobody had written";
            }
        }
        return null;
    }

    /// <summary>How much was done: messages or bytes, which are numbered from 0.</summary>
    private static long Total(IEnumerable<Operation> operations, PipeCode code, Func<Operation, long> named) =>
        Of(operations, code).Where(o => !o.IsPending).Select(o => MessageId.NumberOf(named(o)) + 1L).DefaultIfEmpty().Max();

    /// <param name="leftBy">Who leaves says so once it has done this, and knows which conversation it is in.</param>
    private static string? CheckEnds(History history, PipeCode writes, PipeCode reads, PipeCode told, PipeCode leaves, PipeCode leftBy)
    {
        ILookup<long, Operation> of = history.Operations.ToLookup(Conversation);
        foreach (Operation end in Of(history.Operations, told).Where(o => !o.IsPending))
        {
            long written = Total(of[end.Argument], writes, o => o.Argument), read = Total(of[end.Argument], reads, o => o.Result);
            if (read < written)
                return $"{end.Actor} was told the end of {end.Argument:x} and had {read} of {written}";
            Operation? leave = Of(of[end.Argument], leaves).Cast<Operation?>().FirstOrDefault();
            if (end.Result == (long)PipeEnd.Clean && (leave is null ? of[end.Argument].Any(o => o.Code == (int)leftBy) : leave.Value.Begin > end.End))
                return $"{end.Actor} was told that {end.Argument:x} had ended, and nobody had ended it";
            Operation? writer = Of(of[end.Argument], writes).Cast<Operation?>().FirstOrDefault();
            if (end.Result == (long)PipeEnd.PeerDied && (leave is { IsPending: false } || writer is not null && history.Actors[writer.Value.Actor].KillBegan > end.End))
                return $"{end.Actor} was told that the other side of {end.Argument:x} had died, and it had not";
        }
        return null;
    }
}
