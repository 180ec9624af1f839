using System.Buffers.Binary;
using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Calls, each of one request and one answer, which says by which server it was given.</summary>
internal sealed class ServiceKind() : Kind("service")
{
    private const int LongestRequest = 256;

    public override IReadOnlyList<string> Roles { get; } = ["client", "client", "client", "server", "server", "server"];

    public override bool IsConsumer(string role) => role == "server";

    public override IDisposable Prepare(string name) => Service.Create(name, new ServiceOptions { LongestRequest = LongestRequest, ResponseRoom = 512, MaxCalls = 4 });

    public override void Run(string role, Work work)
    {
        using Service service = Service.Open(work.Name);
        if (role == "client")
            Ask(service, work);
        else
            Serve(service, work);
    }

    private static void Ask(Service service, Work work)
    {
        for (int session = 0; !work.IsEnding; session++)
        {
            using ServiceClient client = service.CreateClient();
            uint number = 0;
            for (int left = work.Random.Next(1, 2_000); left > 0 && !work.IsEnding; left--)
            {
                long id = MessageId.Of(work.Actor, session, ++number);
                byte[] request = Payload.Of(id, work.Length(LongestRequest));
                work.History.Begin(ServiceCode.Call, id);
                CallEnd? end = Call(client, request, id, work, out long server);
                if (end is null)
                {
                    work.History.Forget();
                    break;
                }
                work.History.End((long)end, server);
                work.Breathe();
            }
        }
    }

    /// <summary>How it ended; null if it did not begin, as servers have not ended those that this client gave up.</summary>
    private static CallEnd? Call(ServiceClient client, byte[] request, long id, Work work, out long server)
    {
        server = 0;
        try
        {
            if (!client.Call(request, out ServiceResponse response, work.UpTo(60)))
                return CallEnd.TimedOut;
            using (response)
            {
                if (Payload.Read(response.Span[sizeof(long)..]) != id)
                    throw new FaultException($"{MessageId.Text(id)} has the answer to {MessageId.Text(Payload.Read(response.Span[sizeof(long)..]))}");
                server = BinaryPrimitives.ReadInt64LittleEndian(response.Span);
            }
            return CallEnd.Answered;
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached)
        {
            return null;
        }
        catch (SharedObjectException e) when (e.Reason is FailureReason.CallFailed or FailureReason.PeerDied or FailureReason.PeerClosed)
        {
            return e.Reason switch { FailureReason.CallFailed => CallEnd.Failed, FailureReason.PeerDied => CallEnd.PeerDied, _ => CallEnd.PeerClosed };
        }
    }

    private static void Serve(Service service, Work work)
    {
        while (!work.IsDraining)
        {
            ServiceServer server = service.Serve();
            try
            {
                for (int left = work.Random.Next(1, 2_000); left > 0 && !work.IsDraining; left--)
                {
                    if (Serve(server, work))
                        work.Breathe();
                }
            }
            finally
            {
                work.History.Begin(ServiceCode.Leave);
                server.Dispose();
                work.History.End();
            }
        }
    }

    private static bool Serve(ServiceServer server, Work work)
    {
        work.History.Begin(ServiceCode.Take);
        if (!server.TryTake(work.UpTo(30), out ServiceRequest request))
        {
            work.History.Forget();
            return false;
        }
        long id = Payload.Read(request.Span);
        work.History.End(id);
        work.Breathe();
        if (work.Chance(100))
            return true;  // not answered: its client waits until its time is up, or this server leaves
        bool fails = work.Chance(10);
        work.History.Begin(fails ? ServiceCode.Fail : ServiceCode.Reply, id);
        work.History.End((fails ? request.Fail("no") : request.Reply(Answer(id, work))) ? 1 : 0);
        return true;
    }

    private static byte[] Answer(long id, Work work)
    {
        var answer = new byte[sizeof(long) + work.Length(400)];
        BinaryPrimitives.WriteInt64LittleEndian(answer, work.Actor);
        Payload.Fill(answer.AsSpan(sizeof(long)), id);
        return answer;
    }

    public override IEnumerable<Rule> Rules => [ServiceRules.TakenOnce, ServiceRules.EndsAreTrue];

    public override string Describe(Operation operation) => Describe<ServiceCode>(operation, MessageId.Text, r => operation.Code switch
    {
        (int)ServiceCode.Call => $"{(CallEnd)r}",
        (int)ServiceCode.Take => MessageId.Text(r),
        _ => $"{r}",
    });
}
