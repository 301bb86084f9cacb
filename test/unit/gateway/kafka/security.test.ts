import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  DescribeAclsRequest,
  DescribeAclsResponse,
} from "../../../../runtime/wire/kafka/messages/29-describe-acls.ts";
import {
  CreateAclsRequest,
  CreateAclsResponse,
} from "../../../../runtime/wire/kafka/messages/30-create-acls.ts";
import {
  DeleteAclsRequest,
  DeleteAclsResponse,
} from "../../../../runtime/wire/kafka/messages/31-delete-acls.ts";
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from "../../../../runtime/wire/kafka/messages/48-describe-client-quotas.ts";
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from "../../../../runtime/wire/kafka/messages/49-alter-client-quotas.ts";
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from "../../../../runtime/wire/kafka/messages/50-describe-user-scram-credentials.ts";
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from "../../../../runtime/wire/kafka/messages/51-alter-user-scram-credentials.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";

const { NONE, SECURITY_DISABLED, RESOURCE_NOT_FOUND } = KAFKA_ERRORS;

const FILTER = {
  resourceTypeFilter: 2,
  resourceNameFilter: null,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};
const ACL = {
  resourceType: 2,
  resourceName: "t",
  principal: "User:a",
  host: "*",
  operation: 3,
  permissionType: 3,
};

describe("gateway: ACLs, quotas and users, of which there are none", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  it("answers ACLs as a Kafka without an authoriser", async () => {
    for (let version = 1; version <= 3; version++) {
      const described = await client.ask(
        DescribeAclsRequest,
        DescribeAclsResponse,
        version,
        FILTER,
      );
      assert.equal(described.errorCode, SECURITY_DISABLED);
      const creations = [ACL, ACL];
      const created = await client.ask(CreateAclsRequest, CreateAclsResponse, version, {
        creations,
      });
      const codes = created.results.map(({ errorCode }) => errorCode);
      assert.deepEqual(codes, [SECURITY_DISABLED, SECURITY_DISABLED]);
      const deleted = await client.ask(DeleteAclsRequest, DeleteAclsResponse, version, {
        filters: [FILTER],
      });
      assert.equal(deleted.filterResults[0]?.errorCode, SECURITY_DISABLED);
    }
  });

  it("has no quotas and takes none", async () => {
    const described = await client.ask(
      DescribeClientQuotasRequest,
      DescribeClientQuotasResponse,
      1,
      { components: [{ entityType: "user", matchType: 2, match: null }], strict: false },
    );
    assert.deepEqual([described.errorCode, described.entries], [NONE, []]);
    const entity = [{ entityType: "user", entityName: "a" }];
    const ops = [{ key: "producer_byte_rate", value: 1.5, remove: false }];
    const altered = await client.ask(AlterClientQuotasRequest, AlterClientQuotasResponse, 1, {
      entries: [{ entity, ops }],
      validateOnly: false,
    });
    assert.deepEqual(altered.entries[0]?.entity, entity);
    assert.equal(altered.entries[0]?.errorCode, SECURITY_DISABLED);
  });

  it("has no SCRAM users and takes none", async () => {
    const describeUsers = (users: { name: string }[] | null) =>
      client.ask(DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse, 0, {
        users,
      });
    assert.deepEqual((await describeUsers(null)).results, []);
    const [found] = (await describeUsers([{ name: "a" }])).results;
    assert.equal(found?.errorCode, RESOURCE_NOT_FOUND);
    const bytes = Buffer.from("x");
    const altered = await client.ask(
      AlterUserScramCredentialsRequest,
      AlterUserScramCredentialsResponse,
      0,
      {
        deletions: [{ name: "b", mechanism: 1 }],
        upsertions: [
          { name: "a", mechanism: 1, iterations: 4_096, salt: bytes, saltedPassword: bytes },
        ],
      },
    );
    const rows = altered.results.map(({ user, errorCode }) => [user, errorCode]);
    assert.deepEqual(rows, [
      ["b", SECURITY_DISABLED],
      ["a", SECURITY_DISABLED],
    ]);
  });
});
