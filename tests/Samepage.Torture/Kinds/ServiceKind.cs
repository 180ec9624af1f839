using System.Buffers.Binary;
using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Calls of one request, and one answer or several, which say by which server they were given.</summary>
internal sealed class ServiceKind() : Kind("service")
{
    /// <summary>An answer begins with its server and its number.</summary>
    private const int LongestRequest = 256, Heading = 2 * sizeof(long);

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
                bool streams = work.Chance(4);
                work.History.Begin(streams ? ServiceCode.Stream : ServiceCode.Call, id);
                long detail = 0;
                CallEnd? end = HowItEnds(() => streams ? Stream(client, request, id, work, out detail) : Call(client, request, id, work, out detail));
                if (end is null)
                {
                    work.History.Forget();
                    break;
                }
                work.History.End((long)end, detail);
                work.Breathe();
            }
        }
    }

    /// <summary>Null if it did not begin, as servers have not ended those that this client gave up.</summary>
    private static CallEnd? HowItEnds(Func<CallEnd> call)
    {
        try
        {
            return call();
        }
        catch (TimeoutException)
        {
            return CallEnd.TimedOut;
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

    private static CallEnd Call(ServiceClient client, byte[] request, long id, Work work, out long server)
    {
        server = 0;
        TimeSpan time = work.UpTo(60);
        ServiceResponse response;
        if (work.Chance(3))
            response = Work.Await(client.CallAsync(request, time));
        else if (!client.Call(request, out response, time))
            return CallEnd.TimedOut;
        using (response)
            server = ServerOf(response, id, index: 0);
        return CallEnd.Answered;
    }

    private static CallEnd Stream(ServiceClient client, byte[] request, long id, Work work, out long count)
    {
        count = 0;
        IAsyncEnumerator<ServiceResponse> answers = client.StreamAsync(request, work.UpTo(60)).GetAsyncEnumerator();
        try
        {
            for (long server = 0; Work.Await(answers.MoveNextAsync()); count++)
            {
                long from = ServerOf(answers.Current, id, count);
                if (count > 0 && from != server)
                    throw new FaultException($"{MessageId.Text(id)} has answers from {server} and {from}");
                server = from;
                work.Breathe();
            }
            return CallEnd.Answered;
        }
        finally
        {
            Work.Await(answers.DisposeAsync());
        }
    }

    /// <summary>Who gave an answer, which must be the one of that number to that request.</summary>
    private static long ServerOf(ServiceResponse answer, long id, long index)
    {
        ReadOnlySpan<byte> bytes = answer.Span;
        if (Payload.Read(bytes[Heading..]) != id)
            throw new FaultException($"{MessageId.Text(id)} has the answer to {MessageId.Text(Payload.Read(bytes[Heading..]))}");
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]) != index)
            throw new FaultException($"{MessageId.Text(id)} has answer {BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..])} where {index} should come");
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
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
        long given = request.IsStream ? Give(request, id, work) : 0;
        bool fails = work.Chance(10);
        work.History.Begin(fails ? ServiceCode.Fail : request.IsStream ? ServiceCode.Complete : ServiceCode.Reply, id);
        bool isAwaited = fails ? request.Fail("no") : request.IsStream ? request.Complete() : request.Reply(Answer(id, 0, work));
        work.History.End(isAwaited ? 1 : 0, given);
        return true;
    }

    /// <summary>How many answers were given.</summary>
    private static long Give(ServiceRequest request, long id, Work work)
    {
        long given = 0;
        for (int left = work.Random.Next(20); left > 0 && Work.Await(request.WriteAsync(Answer(id, given, work))); left--)
        {
            given++;
            work.Breathe();
        }
        return given;
    }

    private static byte[] Answer(long id, long index, Work work)
    {
        var answer = new byte[Heading + work.Length(400)];
        BinaryPrimitives.WriteInt64LittleEndian(answer, work.Actor);
        BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(sizeof(long)), index);
        Payload.Fill(answer.AsSpan(Heading), id);
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
