using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of calls: each is taken by one, and its client is told what became of it.</summary>
internal static class ServiceRules
{
    public static Rule TakenOnce { get; } = new("each request is taken once", CheckTaken, Unit);

    public static Rule EndsAreTrue { get; } = new("a call ends as it was told", CheckEnds, Unit);

    private static long Unit(Operation operation) => (ServiceCode)operation.Code switch
    {
        ServiceCode.Take => operation.Result == 0 ? Rule.Kept : operation.Result,
        ServiceCode.Leave => Rule.Kept,
        _ => operation.Argument,
    };

    private static IEnumerable<Operation> Of(History history, ServiceCode code) => history.Operations.Where(o => o.Code == (int)code);

    private static IEnumerable<Operation> Calls(History history) => history.Operations.Where(o => (ServiceCode)o.Code is ServiceCode.Call or ServiceCode.Stream);

    private static IEnumerable<Operation> Takes(History history) => Of(history, ServiceCode.Take).Where(o => !o.IsPending && o.Result != 0);

    private static string? CheckTaken(History history)
    {
        Dictionary<long, Operation> calls = Calls(history).ToDictionary(o => o.Argument);
        var taken = new HashSet<long>();
        foreach (Operation take in Takes(history))
        {
            if (!taken.Add(take.Result))
                return $"{MessageId.Text(take.Result)} was taken twice";
            if (!calls.TryGetValue(take.Result, out Operation call) || call.Begin > take.End)
                return $"{take.Actor} took {MessageId.Text(take.Result)}, which nobody had asked";
            if (call.End < take.Begin)
                return $"{take.Actor} took {MessageId.Text(take.Result)}, whose client had gone on";
        }
        return null;
    }

    private static string? CheckEnds(History history)
    {
        Dictionary<long, Operation> takes = Takes(history).DistinctBy(o => o.Result).ToDictionary(o => o.Result);
        ILookup<long, Operation> ends = history.Operations.Where(o => (ServiceCode)o.Code is ServiceCode.Reply or ServiceCode.Fail or ServiceCode.Complete).ToLookup(o => o.Argument);
        Operation[] leaves = [.. Of(history, ServiceCode.Leave)];
        Operation[] taking = [.. Of(history, ServiceCode.Take).Where(o => o.IsPending)];
        foreach (Operation call in Calls(history).Where(o => !o.IsPending))
        {
            Operation? take = takes.TryGetValue(call.Argument, out Operation found) ? found : null;
            string? wrong = (CallEnd)call.Result switch
            {
                CallEnd.Answered when call.Code == (int)ServiceCode.Call && !ends[call.Argument].Any(o => o.Code == (int)ServiceCode.Reply && o.Actor == call.Detail && o.Begin < call.End)
                    => "was answered, and nobody answered it",
                CallEnd.Answered when call.Code == (int)ServiceCode.Stream && !ends[call.Argument].Any(o => o.Code == (int)ServiceCode.Complete && (o.IsPending || o.Detail == call.Detail) && o.Begin < call.End)
                    => $"was answered to the end by {call.Detail}, and nobody gave so many",
                CallEnd.Failed when !ends[call.Argument].Any(o => o.Code == (int)ServiceCode.Fail && o.Begin < call.End) => "failed, and nobody failed it",
                CallEnd.PeerDied when !(take is null ? taking : [take.Value]).Any(o => history.Actors[o.Actor].KillBegan < call.End) => "was told that its server died, and none did",
                CallEnd.PeerClosed when !leaves.Any(o => o.Begin < call.End && (take is null || take.Value.Actor == o.Actor)) => "was told that its server left, and none did",
                CallEnd.TimedOut when ends[call.Argument].Any(o => o.Result == 1 && !o.IsPending && o.Begin > call.End) => "timed out, and its server was told later that it waited",
                CallEnd.PeerDied or CallEnd.PeerClosed when ends[call.Argument].Any(o => o.Result == 1 && !o.IsPending && o.End < call.Begin) => "ended twice",
                _ => null,
            };
            if (wrong is not null)
                return $"{MessageId.Text(call.Argument)} {wrong}";
        }
        return null;
    }
}
