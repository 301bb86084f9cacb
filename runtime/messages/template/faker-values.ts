import { base, en, Faker } from "@faker-js/faker";
import type { MakeValue, ValueMaker } from "./value-maker.ts";

type Make = (faker: Faker, ...numbers: number[]) => string | number | boolean;

const upTo = (min = 0, max = 0) => ({ min, max });

/** What is made for each placeholder of the contract that Faker has; a test compares the names. */
export const FAKED: Readonly<Record<string, Make>> = {
  "number.int": (faker, min, max) => faker.number.int(upTo(min, max)),
  "number.float": (faker, min, max) => faker.number.float({ ...upTo(min, max), fractionDigits: 4 }),
  "datatype.boolean": (faker, percent = 50) =>
    faker.datatype.boolean({ probability: percent / 100 }),
  "string.alpha": (faker, length = 0) => faker.string.alpha(length),
  "string.alphanumeric": (faker, length = 0) => faker.string.alphanumeric(length),
  "string.numeric": (faker, length = 0) => faker.string.numeric(length),
  "string.hexadecimal": (faker, length = 0) =>
    faker.string.hexadecimal({ length, casing: "lower", prefix: "" }),
  "string.nanoid": (faker, length = 21) => faker.string.nanoid(length),
  "string.uuid": (faker) => faker.string.uuid(),
  "string.ulid": (faker) => faker.string.ulid(),
  "date.recent": (faker, days = 1) => faker.date.recent({ days }).toISOString(),
  "date.soon": (faker, days = 1) => faker.date.soon({ days }).toISOString(),
  "date.past": (faker, years = 1) => faker.date.past({ years }).toISOString(),
  "date.future": (faker, years = 1) => faker.date.future({ years }).toISOString(),
  "date.birthdate": (faker) => faker.date.birthdate().toISOString(),
  "person.firstName": (faker) => faker.person.firstName(),
  "person.lastName": (faker) => faker.person.lastName(),
  "person.fullName": (faker) => faker.person.fullName(),
  "person.jobTitle": (faker) => faker.person.jobTitle(),
  "internet.email": (faker) => faker.internet.email(),
  "internet.username": (faker) => faker.internet.username(),
  "internet.url": (faker) => faker.internet.url(),
  "internet.domainName": (faker) => faker.internet.domainName(),
  "internet.ipv4": (faker) => faker.internet.ipv4(),
  "internet.ipv6": (faker) => faker.internet.ipv6(),
  "internet.mac": (faker) => faker.internet.mac(),
  "internet.userAgent": (faker) => faker.internet.userAgent(),
  "internet.httpMethod": (faker) => faker.internet.httpMethod(),
  "internet.httpStatusCode": (faker) => faker.internet.httpStatusCode(),
  "phone.number": (faker) => faker.phone.number(),
  "location.city": (faker) => faker.location.city(),
  "location.country": (faker) => faker.location.country(),
  "location.countryCode": (faker) => faker.location.countryCode(),
  "location.state": (faker) => faker.location.state(),
  "location.streetAddress": (faker) => faker.location.streetAddress(),
  "location.zipCode": (faker) => faker.location.zipCode(),
  "location.timeZone": (faker) => faker.location.timeZone(),
  "location.latitude": (faker) => faker.location.latitude(),
  "location.longitude": (faker) => faker.location.longitude(),
  "company.name": (faker) => faker.company.name(),
  "company.catchPhrase": (faker) => faker.company.catchPhrase(),
  "commerce.department": (faker) => faker.commerce.department(),
  "commerce.product": (faker) => faker.commerce.product(),
  "commerce.productName": (faker) => faker.commerce.productName(),
  "commerce.isbn": (faker) => faker.commerce.isbn(),
  "commerce.price": (faker, min, max) => Number(faker.commerce.price(upTo(min, max))),
  "finance.accountNumber": (faker) => faker.finance.accountNumber(),
  "finance.amount": (faker, min, max) => Number(faker.finance.amount(upTo(min, max))),
  "finance.iban": (faker) => faker.finance.iban(),
  "finance.bic": (faker) => faker.finance.bic(),
  "finance.creditCardNumber": (faker) => faker.finance.creditCardNumber(),
  "finance.currencyCode": (faker) => faker.finance.currencyCode(),
  "finance.transactionType": (faker) => faker.finance.transactionType(),
  "lorem.word": (faker) => faker.lorem.word(),
  "lorem.words": (faker, count) => faker.lorem.words(count),
  "lorem.sentence": (faker, words) => faker.lorem.sentence(words),
  "lorem.paragraph": (faker, sentences) => faker.lorem.paragraph(sentences),
  "lorem.slug": (faker) => faker.lorem.slug(),
  "color.human": (faker) => faker.color.human(),
  "color.rgb": (faker) => faker.color.rgb(),
  "system.fileName": (faker) => faker.system.fileName(),
  "system.mimeType": (faker) => faker.system.mimeType(),
  "system.semver": (faker) => faker.system.semver(),
  "vehicle.vehicle": (faker) => faker.vehicle.vehicle(),
  "vehicle.vin": (faker) => faker.vehicle.vin(),
  "airline.flightNumber": (faker) => faker.airline.flightNumber(),
  "animal.type": (faker) => faker.animal.type(),
  "book.title": (faker) => faker.book.title(),
  "food.dish": (faker) => faker.food.dish(),
  "git.commitSha": (faker) => faker.git.commitSha(),
  "hacker.phrase": (faker) => faker.hacker.phrase(),
  "music.genre": (faker) => faker.music.genre(),
};

/** What comes of placeholders from a seed on. Times are around `nowMs`, so that they too are the same every time. */
export const fakerMaker: ValueMaker = (seed, nowMs): MakeValue => {
  const faker = new Faker({ locale: [en, base], seed });
  faker.setDefaultRefDate(nowMs);
  return ({ name, args }) => {
    if (name === "oneOf") return faker.helpers.arrayElement(args);
    const make = FAKED[name];
    if (make === undefined) throw new Error(`nothing is made for ${name}`);
    return make(faker, ...args.map(Number));
  };
};
