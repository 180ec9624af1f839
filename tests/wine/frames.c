/*
 * A repair of Wine 8 for .NET 9 and later, loaded into every .NET process that the tests start under Wine. Windows needs none of it.
 *
 * While Wine lets a frame's handler look at an exception, it keeps a record on the stack and in the thread's list at gs:[0]. The runtime's
 * handler does not return: it resumes the thread where the exception was caught. Wine's record stays in the list, over stack that others
 * write to from then on, and at the thread's next exception, however harmless, Wine calls what lies there.
 *
 * So before each exception is looked at, records below the thread's stack pointer are taken out. What they point to may be
 * overwritten, so the next one counts only when it looks like one; otherwise the list is empty, as it is on Windows.
 *
 * The runtime loads the library because it is told that it is a profiler (CORECLR_PROFILER_PATH), is told that it is none, and goes on.
 */
#include <windows.h>

#define END ((EXCEPTION_REGISTRATION_RECORD *)~(ULONG_PTR)0)

static LONG CALLBACK forget_dead_records(EXCEPTION_POINTERS *exception)
{
    NT_TIB *thread = (NT_TIB *)NtCurrentTeb();
    ULONG_PTR live = exception->ContextRecord->Rsp;
    EXCEPTION_REGISTRATION_RECORD *record = thread->ExceptionList;

    while ((ULONG_PTR)record < live)
    {
        EXCEPTION_REGISTRATION_RECORD *next = record->Next;
        int plausible = next == END
            || (next > record && (ULONG_PTR)next % sizeof(void *) == 0 && (ULONG_PTR)next < (ULONG_PTR)thread->StackBase);
        record = plausible ? next : END;
    }
    thread->ExceptionList = record;
    return EXCEPTION_CONTINUE_SEARCH;
}

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, void *reserved)
{
    HMODULE pinned;

    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH
        && GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN, (const WCHAR *)library, &pinned))
        AddVectoredExceptionHandler(1, forget_dead_records);
    return TRUE;
}

__declspec(dllexport) HRESULT WINAPI DllGetClassObject(REFCLSID class, REFIID wanted, void **object)
{
    (void)class;
    (void)wanted;
    *object = NULL;
    return CLASS_E_CLASSNOTAVAILABLE;
}
